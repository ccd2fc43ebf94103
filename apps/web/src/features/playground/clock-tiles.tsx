import type { SessionState } from '@ephemera/realtime-client';
import KeyRound from 'lucide-solid/icons/key-round';
import Timer from 'lucide-solid/icons/timer';
import type { JSX } from 'solid-js';
import { Dynamic } from 'solid-js/web';

import { useI18n } from '../../i18n/context.tsx';
import { formatClock } from '../../i18n/format.ts';
import { readCallClock, readSecretClock } from './clocks.ts';

function ClockTile(props: {
  icon: typeof Timer;
  label: string;
  hint: string;
  value: string;
  isActive: boolean;
  testId: string;
}): JSX.Element {
  return (
    <div class="flex min-w-0 items-center gap-3 px-4 py-3" title={props.hint}>
      <Dynamic
        component={props.icon}
        aria-hidden="true"
        class={`size-4.5 shrink-0 transition-colors ${props.isActive ? 'text-accent' : 'text-text-3'}`}
      />
      <div class="min-w-0">
        <p class="truncate text-caption text-text-2">{props.label}</p>
        <p
          role="timer"
          aria-label={`${props.label}. ${props.hint}`}
          data-testid={props.testId}
          class={`font-mono text-h3 leading-6 figures ${props.isActive ? 'text-text' : 'text-text-3'}`}
        >
          {props.value}
        </p>
      </div>
    </div>
  );
}

/** Two times that people mix up: until when a call may start, and how long this one has lasted. */
export function ClockTiles(props: { state: SessionState; now: number }): JSX.Element {
  const { t } = useI18n();
  const secret = () => readSecretClock(props.state, props.now);
  const secretText = () => {
    const clock = secret();
    if (clock.status === 'none') return '—';
    return clock.status === 'expired' ? t('clock.secretExpired') : formatClock(clock.seconds);
  };
  const call = () => readCallClock(props.state, props.now);
  return (
    <div class="grid grid-cols-2 divide-x divide-border border-b border-border">
      <ClockTile
        icon={KeyRound}
        label={t('clock.secret')}
        hint={t('clock.secretHint')}
        value={secretText()}
        isActive={secret().status === 'valid'}
        testId="clock-secret"
      />
      <ClockTile
        icon={Timer}
        label={t('clock.call')}
        hint={t('clock.callHint')}
        value={call() === null ? '—' : formatClock(call() ?? 0)}
        isActive={props.state.status === 'connected'}
        testId="clock-call"
      />
    </div>
  );
}
