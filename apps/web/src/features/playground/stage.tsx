import { A } from '@solidjs/router';
import ArrowUpRight from 'lucide-solid/icons/arrow-up-right';
import Hand from 'lucide-solid/icons/hand';
import Mic from 'lucide-solid/icons/mic';
import MicOff from 'lucide-solid/icons/mic-off';
import PhoneOff from 'lucide-solid/icons/phone-off';
import X from 'lucide-solid/icons/x';
import { lazy, Match, onMount, Show, Suspense, Switch } from 'solid-js';
import type { JSX } from 'solid-js';

import { toUiError } from '../../api/ui-error.ts';
import { useI18n } from '../../i18n/context.tsx';
import { Button, buttonClass } from '../../ui/button.tsx';
import { useCan } from '../shell/viewer.ts';
import type { Call } from './call.ts';
import { canRetryWithRelay, describeCall, findFailure } from './call-status.ts';
import { ClockTiles } from './clock-tiles.tsx';
import { Composer } from './composer.tsx';
import { LevelBar } from './level-bar.tsx';
import { OrbCanvas } from './orb-canvas.tsx';
import type { OrbMode } from './orb-canvas.tsx';
import type { IcePolicy } from './playground-config.ts';
import { Transcript } from './transcript.tsx';

const FailurePanel = lazy(async () => ({ default: (await import('./failure-panel.tsx')).FailurePanel }));
const CallNotices = lazy(async () => ({ default: (await import('./call-notices.tsx')).CallNotices }));

type StageProps = {
  call: Call;
  now: number;
  icePolicy: IcePolicy;
  onTalk: () => void;
  onRelayRetry: () => void;
};

type Status = ReturnType<Call['state']>['status'];

const ORB_MODES: Readonly<Record<Status, OrbMode>> = {
  idle: 'rest',
  connecting: 'connecting',
  connected: 'live',
  ended: 'rest',
  failed: 'failed',
};

const MAIN_BUTTON =
  'relative flex size-24 flex-col items-center justify-center gap-0.5 rounded-full px-1 text-center text-caption font-semibold leading-tight transition-[background-color,filter,transform] duration-120 hover:brightness-110 active:scale-95 [&_svg]:size-7 [&_svg]:shrink-0';

function MainButton(props: { call: Call; onTalk: () => void }): JSX.Element {
  const { t } = useI18n();
  const can = useCan();
  const status = () => props.call.state().status;
  const talkKey = () => (status() === 'idle' ? 'call.connect' : 'call.again');
  return (
    <Switch>
      <Match when={status() === 'connected'}>
        <button
          type="button"
          class={`${MAIN_BUTTON} border-2 border-danger bg-danger-soft text-danger`}
          onClick={() => props.call.end()}
          aria-keyshortcuts="e"
        >
          <PhoneOff aria-hidden="true" />
          {t('call.end')}
        </button>
      </Match>
      <Match when={status() === 'connecting'}>
        <button
          type="button"
          class={`${MAIN_BUTTON} border-2 border-control bg-bg text-text`}
          // The second half of a double click on Talk is no wish to cancel.
          onClick={(event) => event.detail < 2 && props.call.end()}
        >
          <X aria-hidden="true" />
          {t('call.cancel')}
        </button>
      </Match>
      <Match when={true}>
        <button
          type="button"
          class={`${MAIN_BUTTON} bg-accent text-on-accent disabled:opacity-55`}
          disabled={!can('tokens:mint')}
          onClick={() => props.onTalk()}
          data-testid="talk"
        >
          <Mic aria-hidden="true" />
          {t(talkKey())}
        </button>
      </Match>
    </Switch>
  );
}

function Controls(props: { call: Call }): JSX.Element {
  const { t } = useI18n();
  const sessionId = () => {
    const state = props.call.state();
    return state.status === 'ended' ? (state.secret?.sessionId ?? null) : null;
  };
  return (
    <div class="flex min-h-9 flex-wrap items-center justify-center gap-2">
      <Switch>
        <Match when={props.call.state().status === 'connected'}>
          <Button
            onClick={() => props.call.toggleMute()}
            aria-pressed={props.call.isMuted()}
            aria-keyshortcuts="m"
            class={props.call.isMuted() ? '!border-warning !text-warning' : ''}
          >
            <Show when={props.call.isMuted()} fallback={<Mic aria-hidden="true" class="size-4" />}>
              <MicOff aria-hidden="true" class="size-4" />
            </Show>
            {t(props.call.isMuted() ? 'call.unmute' : 'call.mute')}
          </Button>
          <Button
            disabled={props.call.activity() !== 'assistant_speaking'}
            onClick={() => props.call.interrupt()}
          >
            <Hand aria-hidden="true" class="size-4" />
            {t('call.interrupt')}
          </Button>
        </Match>
        <Match when={sessionId()}>
          {(id) => (
            <A href={`/sessions/${id()}`} class={buttonClass('secondary')}>
              {t('call.viewSession')}
              <ArrowUpRight aria-hidden="true" class="size-4" />
            </A>
          )}
        </Match>
      </Switch>
    </div>
  );
}

function StateText(props: { call: Call }): JSX.Element {
  const { t, format } = useI18n();
  const can = useCan();
  const status = () => describeCall(props.call.state(), props.call.activity());
  // A phone has no keys to press.
  const keys = () => (globalThis.matchMedia('(pointer: fine)').matches ? t('call.keys') : '');
  const detail = () => {
    const state = props.call.state();
    if (state.status === 'idle') return can('tokens:mint') ? t('state.idleText') : '';
    if (state.status === 'connected') return props.call.isMuted() ? t('call.muted') : keys();
    const hasTalked = state.status === 'ended' && state.durationSeconds > 0;
    return hasTalked ? t('state.endedText', { duration: format().duration(state.durationSeconds) }) : '';
  };
  return (
    <div class="flex flex-col items-center text-center">
      <p
        role="status"
        data-testid="call-state"
        data-status={props.call.state().status}
        class="text-h3 font-semibold"
      >
        {t(can('tokens:mint') ? status().key : 'state.mayNotTalk')}
      </p>
      <p class="min-h-5 text-table text-text-2">{detail()}</p>
    </div>
  );
}

function Voice(props: { call: Call; onTalk: () => void }): JSX.Element {
  const { t } = useI18n();
  return (
    <div class="flex flex-col items-center gap-2 px-4 pb-4 pt-2">
      <div class="relative -mb-2 grid size-56 place-items-center">
        <div class="pointer-events-none absolute inset-0 motion-reduce:hidden">
          <OrbCanvas mode={ORB_MODES[props.call.state().status]} readLevels={() => props.call.readLevels()} />
        </div>
        <MainButton call={props.call} onTalk={props.onTalk} />
      </div>
      <div class="hidden w-56 flex-col gap-2 motion-reduce:flex">
        <LevelBar label={t('transcript.you')} tone="in" read={() => props.call.readLevels().microphone} />
        <LevelBar label={t('transcript.assistant')} tone="out" read={() => props.call.readLevels().remote} />
      </div>
      <StateText call={props.call} />
      <Controls call={props.call} />
    </div>
  );
}

/** The call itself: clocks, voices, controls and words. */
export function Stage(props: StageProps): JSX.Element {
  const { t } = useI18n();
  const failure = () => props.call.loadFailure() ?? findFailure(props.call.state());
  const sessionId = () => {
    const state = props.call.state();
    return state.status === 'idle' ? null : (state.secret?.sessionId ?? null);
  };
  // Where the network is what fails, it is too late to ask for it.
  onMount(() => void FailurePanel.preload());
  return (
    <section
      class="card flex min-h-[620px] flex-col overflow-hidden lg:sticky lg:top-6 lg:h-[calc(100dvh-116px)]"
      aria-label={t('play.stage')}
    >
      <ClockTiles state={props.call.state()} now={props.now} />
      <Show when={failure()} fallback={<Voice call={props.call} onTalk={props.onTalk} />}>
        {(error) => {
          const shown = () => toUiError(error(), t);
          return (
            <>
              <p
                role="status"
                class="sr-only"
                data-testid="call-state"
                data-status={props.call.state().status}
              >
                {t(describeCall(props.call.state(), props.call.activity()).key)}
              </p>
              <Suspense>
                <FailurePanel
                  error={shown()}
                  hasRelayRetry={canRetryWithRelay(shown().code, props.icePolicy)}
                  sessionId={sessionId()}
                  onRetry={props.onTalk}
                  onRelayRetry={props.onRelayRetry}
                />
              </Suspense>
            </>
          );
        }}
      </Show>
      <Show when={props.call.isPlaybackBlocked() || props.call.warning() !== null}>
        <Suspense>
          <CallNotices call={props.call} />
        </Suspense>
      </Show>
      <Show when={failure() === null || props.call.transcript().length > 0}>
        <Transcript items={props.call.transcript()} isLive={props.call.state().status === 'connected'} />
      </Show>
      <Composer
        isEnabled={props.call.state().status === 'connected'}
        onSend={(text) => props.call.sendText(text)}
      />
    </section>
  );
}
