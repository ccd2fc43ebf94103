import Cable from 'lucide-solid/icons/cable';
import MoveRight from 'lucide-solid/icons/move-right';
import Shuffle from 'lucide-solid/icons/shuffle';
import { Match, Show, Switch } from 'solid-js';
import type { JSX } from 'solid-js';

import { useI18n } from '../../i18n/context.tsx';
import { formatClock } from '../../i18n/format.ts';
import { Badge } from '../../ui/badge.tsx';
import { Money } from '../../ui/money.tsx';
import { Nothing } from '../../ui/panel.tsx';
import { findOutcome } from './outcome.ts';
import type { Outcome } from './outcome.ts';
import { findCost } from './session-cost.ts';
import { useSessionText } from './session-text.ts';
import { findDuration, findTimeLeft } from './session-time.ts';
import type { SessionSummary } from './session-types.ts';

type CellProps = { session: SessionSummary; now: number };

export function DurationCell(props: CellProps): JSX.Element {
  const seconds = () => findDuration(props.session, props.now);
  return (
    <Show when={seconds() !== null} fallback={<Nothing />}>
      <span class={`font-mono figures ${props.session.state === 'connected' ? 'text-success' : ''}`}>
        {formatClock(seconds() ?? 0)}
      </span>
    </Show>
  );
}

/** How long a running call may still go on. Nothing where no call runs. */
export function TimeLeft(props: CellProps): JSX.Element {
  const { t } = useSessionText();
  const left = () => (props.session.state === 'connected' ? findTimeLeft(props.session, props.now) : null);
  const text = () => {
    const seconds = left() ?? 0;
    return seconds === 0 ? t('overdue') : t('left', { time: formatClock(seconds) });
  };
  return (
    <Show when={left() !== null}>
      <span class="block whitespace-nowrap text-caption text-text-2 figures">{text()}</span>
    </Show>
  );
}

export function CostCell(props: { session: SessionSummary }): JSX.Element {
  const { t } = useSessionText();
  const cost = () => findCost(props.session);
  return (
    <Money
      class={cost().microUsd === null ? '' : 'font-mono'}
      microUsd={cost().microUsd}
      status={cost().status}
      hint={t(cost().hint.key, cost().hint.values)}
    />
  );
}

/** Which way the sound travels; a WebSocket has no path of its own. */
export function PathCell(props: { session: SessionSummary }): JSX.Element {
  const i18n = useI18n();
  const { t } = useSessionText();
  const isRelayed = () =>
    props.session.icePair?.local === 'relay' || props.session.icePair?.remote === 'relay';
  return (
    <Switch fallback={<Nothing />}>
      <Match when={props.session.icePair !== null && isRelayed()}>
        <Badge tone="accent" icon={<Shuffle aria-hidden="true" />}>
          {i18n.t('conn.relayed')}
        </Badge>
      </Match>
      <Match when={props.session.icePair !== null}>
        <Badge tone="neutral" icon={<MoveRight aria-hidden="true" />}>
          {i18n.t('conn.direct')}
        </Badge>
      </Match>
      <Match when={props.session.transport === 'websocket'}>
        <Badge tone="neutral" icon={<Cable aria-hidden="true" />}>
          {t('transport.websocket')}
        </Badge>
      </Match>
    </Switch>
  );
}

export function OutcomeText(props: { outcome: Outcome }): JSX.Element {
  const i18n = useI18n();
  const { t } = useSessionText();
  const text = () => {
    const { outcome } = props;
    return outcome.kind === 'error' ? i18n.t(`error.${outcome.code}.title`) : t(outcome.key, outcome.values);
  };
  return <>{text()}</>;
}

export function OutcomeCell(props: CellProps): JSX.Element {
  return (
    <Show when={findOutcome(props.session, props.now)} fallback={<Nothing />}>
      {(outcome) => (
        <span class="text-pretty">
          <OutcomeText outcome={outcome()} />
        </span>
      )}
    </Show>
  );
}
