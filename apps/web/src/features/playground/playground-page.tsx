import { useBeforeLeave } from '@solidjs/router';
import { onCleanup, onMount } from 'solid-js';
import type { JSX } from 'solid-js';

import { useApi } from '../../api/context.tsx';
import { useI18n } from '../../i18n/context.tsx';
import { createNow } from '../../ui/now.ts';
import { PageHeader } from '../../ui/page.tsx';
import { onFirstSign } from './first-sign.ts';
import { Inspector } from './inspector.tsx';
import { MicrophonePanel } from './microphone-panel.tsx';
import { createPlayground } from './playground.ts';
import type { Playground } from './playground.ts';
import { createRealtimeLoader } from './realtime-module.ts';
import { SetupPanel } from './setup-panel.tsx';
import { findCallKey } from './shortcuts.ts';
import { Stage } from './stage.tsx';

function listenToKeys(playground: Playground): () => void {
  function handle(event: KeyboardEvent): void {
    const key = findCallKey(event);
    if (key === null || !playground.isInCall()) return;
    event.preventDefault();
    if (key === 'mute') playground.call.toggleMute();
    else playground.call.end();
  }
  document.addEventListener('keydown', handle);
  return () => document.removeEventListener('keydown', handle);
}

export function PlaygroundPage(): JSX.Element {
  const { t } = useI18n();
  const now = createNow(500);
  const loader = createRealtimeLoader(() => import('@ephemera/realtime-client'));
  const playground = createPlayground(loader);
  const { call, microphone } = playground;
  const { auth } = useApi();

  onMount(() => {
    onCleanup(listenToKeys(playground));
    // The end is reported by the one whose call it was.
    onCleanup(auth.beforeSignOut(call.finish));
    // A failed fetch is tried again, and shown, when Talk is pressed.
    onCleanup(onFirstSign(() => void loader.load().catch(() => undefined)));
  });
  useBeforeLeave((event) => {
    if (!playground.isInCall() || event.defaultPrevented) return;
    event.preventDefault();
    if (globalThis.confirm(t('call.leave'))) event.retry(true);
  });
  onCleanup(() => {
    microphone.close();
    call.end();
  });

  return (
    <div class="flex flex-col gap-4 sm:gap-5">
      <PageHeader title={t('play.title')} lead={t('play.lead')} />
      <div class="grid grid-cols-[minmax(0,1fr)] items-start gap-4 md:grid-cols-[300px_minmax(0,1fr)] lg:grid-cols-[292px_minmax(0,1fr)_348px]">
        <SetupPanel
          playground={playground}
          microphone={
            <MicrophonePanel
              check={microphone}
              deviceId={playground.config().deviceId}
              isInCall={call.state().status === 'connected'}
              readCallLevel={() => call.readLevels().microphone}
              onDevice={playground.chooseDevice}
            />
          }
        />
        <Stage
          call={call}
          now={now()}
          icePolicy={playground.config().icePolicy}
          onTalk={playground.talk}
          onRelayRetry={playground.talkThroughRelay}
        />
        <div class="lg:sticky lg:top-6 md:col-span-2 lg:col-span-1">
          <Inspector call={call} code={playground.code()} />
        </div>
      </div>
    </div>
  );
}
