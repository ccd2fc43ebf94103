import type { NodeSettings } from '@ephemera/api';

import type { Settings } from './config-settings.ts';

/** By itself only the demo lets in whoever comes: nobody else can reach it. */
export function chooseNodes({ values }: Settings, isDemo: boolean): NodeSettings {
  return {
    registration: values.NODE_REGISTRATION ?? (isDemo ? 'open' : 'token'),
    heartbeatSeconds: values.NODE_HEARTBEAT_SECONDS ?? 30,
    loginsPerMinute: values.NODE_LOGINS_PER_MINUTE ?? 60,
  };
}
