import Shuffle from 'lucide-solid/icons/shuffle';
import MoveRight from 'lucide-solid/icons/move-right';
import { Show } from 'solid-js';
import type { JSX } from 'solid-js';

import { useI18n } from '../../i18n/context.tsx';
import { formatClock } from '../../i18n/format.ts';
import { Badge } from '../../ui/badge.tsx';
import { Nothing } from '../../ui/panel.tsx';
import { findOutcome } from './outcome.ts';
import type { SessionSummary } from './session-types.ts';

/** Seconds of a call: the final number, or what has passed so far. `null` before it began. */
export function findDuration(session: SessionSummary, now: number): number | null {
  if (session.state === 'connected' && session.connectedAt !== null) {
    return Math.max(0, (now - Date.parse(session.connectedAt)) / 1_000);
  }
  return session.durationSeconds;
}

export function DurationCell(props: { session: SessionSummary; now: number }): JSX.Element {
  const seconds = () => findDuration(props.session, props.now);
  return (
    <Show when={seconds() !== null} fallback={<Nothing />}>
      <span class={`font-mono figures ${props.session.state === 'connected' ? 'text-success' : ''}`}>
        {formatClock(seconds() ?? 0)}
      </span>
    </Show>
  );
}

export function PathCell(props: { session: SessionSummary }): JSX.Element {
  const { t } = useI18n();
  return (
    <Show when={props.session.icePair} fallback={<Nothing />}>
      {(pair) => (
        <Show
          when={pair().local === 'relay' || pair().remote === 'relay'}
          fallback={
            <Badge tone="neutral" icon={<MoveRight aria-hidden="true" />}>
              {t('conn.direct')}
            </Badge>
          }
        >
          <Badge tone="accent" icon={<Shuffle aria-hidden="true" />}>
            {t('conn.relayed')}
          </Badge>
        </Show>
      )}
    </Show>
  );
}

export function OutcomeCell(props: { session: SessionSummary; now: number }): JSX.Element {
  const { t } = useI18n();
  const outcome = () => findOutcome(props.session, props.now);
  return (
    <Show when={outcome()} fallback={<Nothing />}>
      {(found) => <span class="text-pretty">{t(found().key, found().values)}</span>}
    </Show>
  );
}
