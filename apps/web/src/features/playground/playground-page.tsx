import { useQuery } from '@tanstack/solid-query';
import { createEffect, createSignal, onCleanup, onMount } from 'solid-js';
import type { JSX } from 'solid-js';

import { createAuthorizedFetch } from '../../api/authorized-fetch.ts';
import { useApi } from '../../api/context.tsx';
import { useI18n } from '../../i18n/context.tsx';
import { createNow } from '../../ui/now.ts';
import { PageHeader } from '../../ui/page.tsx';
import { createCall } from './call.ts';
import { Inspector } from './inspector.tsx';
import { createMicrophoneCheck } from './microphone.ts';
import { MicrophonePanel } from './microphone-panel.tsx';
import { onFirstSign } from './first-sign.ts';
import { createSessionConfig, findTranscriptionModel, listSpeechModels } from './playground-config.ts';
import type { PlaygroundConfig } from './playground-config.ts';
import { createRealtimeLoader } from './realtime-module.ts';
import { SetupPanel } from './setup-panel.tsx';
import { findCallKey } from './shortcuts.ts';
import { Stage } from './stage.tsx';

const EMPTY_CONFIG: PlaygroundConfig = {
  model: '',
  voice: '',
  instructions: '',
  icePolicy: 'all',
  deviceId: '',
};
const TEN_MINUTES = 600_000;

export function PlaygroundPage(): JSX.Element {
  const { t } = useI18n();
  const { trpc, tokens } = useApi();
  const now = createNow(500);
  const loader = createRealtimeLoader(() => import('@ephemera/realtime-client'));
  const call = createCall(() => loader.peek() ?? loader.load());
  const microphone = createMicrophoneCheck(loader, Date.now);
  const models = useQuery(() => ({ ...trpc.models.list.queryOptions(), staleTime: TEN_MINUTES }));
  const [config, setConfig] = createSignal<PlaygroundConfig>(EMPTY_CONFIG);
  const session = () => createSessionConfig(config(), findTranscriptionModel(models.data?.models ?? []));
  const isInCall = () => call.state().status === 'connecting' || call.state().status === 'connected';

  function change(part: Partial<PlaygroundConfig>): void {
    setConfig((current) => ({ ...current, ...part }));
  }

  createEffect(() => {
    const list = models.data;
    if (list === undefined) return;
    const current = list.models.find(({ id }) => id === config().model);
    const model = current ?? list.models.find(({ id }) => id === list.defaultModel);
    if (model === undefined) return;
    const voice = model.voices.includes(config().voice) ? config().voice : (model.voices[0] ?? '');
    if (model.id !== config().model || voice !== config().voice) change({ model: model.id, voice });
  });

  function createBrokerOptions() {
    return {
      url: globalThis.location.origin,
      getAccessToken: () => tokens.get(),
      fetch: createAuthorizedFetch(tokens, (input, init) => fetch(input, init)),
    };
  }

  function talk(): void {
    if (isInCall()) return;
    microphone.close();
    call.start((client) => ({
      broker: client.createBroker(createBrokerOptions()),
      session: session(),
      iceTransportPolicy: config().icePolicy,
      ...(config().deviceId === '' ? {} : { microphone: { deviceId: config().deviceId } }),
    }));
  }

  function talkThroughRelay(): void {
    change({ icePolicy: 'relay' });
    talk();
  }

  function chooseDevice(deviceId: string): void {
    change({ deviceId });
    if (microphone.state().status === 'open') void microphone.open(deviceId);
  }

  function handleKey(event: KeyboardEvent): void {
    const key = findCallKey(event);
    if (key === null || !isInCall()) return;
    event.preventDefault();
    if (key === 'mute') call.toggleMute();
    else call.end();
  }

  onMount(() => {
    document.addEventListener('keydown', handleKey);
    onCleanup(() => document.removeEventListener('keydown', handleKey));
    onCleanup(onFirstSign(() => void loader.load().catch(() => undefined)));
  });
  onCleanup(() => {
    microphone.close();
    call.end();
  });

  return (
    <div class="flex flex-col gap-4 sm:gap-5">
      <PageHeader title={t('play.title')} lead={t('play.lead')} />
      <div class="grid items-start gap-4 md:grid-cols-[300px_minmax(0,1fr)] lg:grid-cols-[300px_minmax(0,1fr)_348px]">
        <SetupPanel
          models={models.data === undefined ? null : listSpeechModels(models.data.models)}
          config={config()}
          isLocked={isInCall()}
          onChange={change}
          microphone={
            <MicrophonePanel
              check={microphone}
              deviceId={config().deviceId}
              isInCall={call.state().status === 'connected'}
              readCallLevel={() => call.readLevels().microphone}
              onDevice={chooseDevice}
            />
          }
        />
        <Stage
          call={call}
          now={now()}
          icePolicy={config().icePolicy}
          onTalk={talk}
          onRelayRetry={talkThroughRelay}
        />
        <div class="md:col-span-2 lg:col-span-1">
          <Inspector
            call={call}
            code={{ origin: globalThis.location.origin, session: session(), icePolicy: config().icePolicy }}
          />
        </div>
      </div>
    </div>
  );
}
