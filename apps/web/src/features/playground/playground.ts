import { useQuery } from '@tanstack/solid-query';
import { createEffect, createSignal } from 'solid-js';
import type { Accessor } from 'solid-js';

import { createAuthorizedFetch } from '../../api/authorized-fetch.ts';
import { useApi } from '../../api/context.tsx';
import { findData } from '../../api/find-data.ts';
import { createCall } from './call.ts';
import type { Call, CallClient } from './call.ts';
import type { CodeInput } from './code-samples.ts';
import { createMicrophoneCheck } from './microphone.ts';
import type { MicrophoneCheck } from './microphone.ts';
import {
  SECRET_TTL_SECONDS,
  completeConfig,
  createSessionConfig,
  findTranscriptionModel,
  listSpeechModels,
} from './playground-config.ts';
import type { ModelEntry, PlaygroundConfig } from './playground-config.ts';
import type { RealtimeLoader } from './realtime-module.ts';

export type Playground = {
  call: Call;
  microphone: MicrophoneCheck;
  config: Accessor<PlaygroundConfig>;
  /** `null` until the list has arrived. */
  models: Accessor<readonly ModelEntry[] | null>;
  modelsError: Accessor<Error | null>;
  reloadModels: () => void;
  code: Accessor<CodeInput>;
  isInCall: Accessor<boolean>;
  change: (part: Partial<PlaygroundConfig>) => void;
  chooseDevice: (deviceId: string) => void;
  talk: () => void;
  talkThroughRelay: () => void;
};

const EMPTY_CONFIG: PlaygroundConfig = {
  model: '',
  voice: '',
  instructions: '',
  icePolicy: 'all',
  deviceId: '',
};
const TEN_MINUTES = 600_000;

/** The state behind the page: what the next call will be, and the call. */
export function createPlayground(loader: RealtimeLoader): Playground {
  const { trpc, tokens } = useApi();
  const call = createCall(() => loader.peek() ?? loader.load());
  const microphone = createMicrophoneCheck(loader, Date.now);
  const list = useQuery(() => ({ ...trpc.models.list.queryOptions(), staleTime: TEN_MINUTES }));
  const models = () => findData(list);
  const [config, setConfig] = createSignal<PlaygroundConfig>(EMPTY_CONFIG);
  const send = createAuthorizedFetch(tokens, (input, init) => fetch(input, init));
  const { origin } = globalThis.location;

  const session = () => createSessionConfig(config(), findTranscriptionModel(models()?.models ?? []));
  const isInCall = () => call.state().status === 'connecting' || call.state().status === 'connected';
  const change = (part: Partial<PlaygroundConfig>) => setConfig((current) => ({ ...current, ...part }));

  createEffect(() => {
    const known = models();
    if (known !== undefined) setConfig((current) => completeConfig(current, known));
  });

  function prepare(client: CallClient) {
    const { deviceId, icePolicy } = config();
    return {
      broker: client.createBroker({ url: origin, getAccessToken: () => tokens.get(), fetch: send }),
      session: session(),
      ttlSeconds: SECRET_TTL_SECONDS,
      iceTransportPolicy: icePolicy,
      ...(deviceId === '' ? {} : { microphone: { deviceId } }),
    };
  }

  function talk(): void {
    if (isInCall()) return;
    microphone.close();
    call.start(prepare);
  }

  return {
    call,
    microphone,
    config,
    models: () => {
      const known = models();
      return known === undefined ? null : listSpeechModels(known.models);
    },
    modelsError: () => (models() === undefined ? list.error : null),
    reloadModels: () => void list.refetch(),
    code: () => ({ origin, session: session(), icePolicy: config().icePolicy }),
    isInCall,
    change: (part) => {
      change(part);
      const known = models();
      if (known !== undefined) setConfig((current) => completeConfig(current, known));
    },
    chooseDevice(deviceId) {
      change({ deviceId });
      if (microphone.state().status === 'open') void microphone.open(deviceId);
    },
    talk,
    talkThroughRelay() {
      change({ icePolicy: 'relay' });
      talk();
    },
  };
}
