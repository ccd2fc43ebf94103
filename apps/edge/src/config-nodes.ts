import type { MessageSettings, NodeSettings } from '@ephemera/api';

import type { Settings } from './config-settings.ts';

/** By itself only the demo lets in whoever comes: nobody else can reach it. */
export function chooseNodes({ values }: Settings, isDemo: boolean): NodeSettings {
  return {
    registration: values.NODE_REGISTRATION ?? (isDemo ? 'open' : 'token'),
    heartbeatSeconds: values.NODE_HEARTBEAT_SECONDS ?? 30,
    loginsPerMinute: values.NODE_LOGINS_PER_MINUTE ?? 60,
  };
}

export function chooseMessages({ values }: Settings): MessageSettings {
  return {
    perMinute: values.NODE_MESSAGES_PER_MINUTE ?? 600,
    mailboxMessages: values.NODE_MAILBOX_MESSAGES ?? 1_000,
    mailboxBytes: values.NODE_MAILBOX_BYTES ?? 67_108_864,
  };
}
