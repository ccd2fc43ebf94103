import Ban from 'lucide-solid/icons/ban';
import CircleCheck from 'lucide-solid/icons/circle-check';
import CircleOff from 'lucide-solid/icons/circle-off';
import FlaskConical from 'lucide-solid/icons/flask-conical';
import Gauge from 'lucide-solid/icons/gauge';
import Hourglass from 'lucide-solid/icons/hourglass';
import RotateCcwKey from 'lucide-solid/icons/rotate-ccw-key';
import Server from 'lucide-solid/icons/server';
import Snowflake from 'lucide-solid/icons/snowflake';
import { Match, Show, Switch } from 'solid-js';
import type { JSX } from 'solid-js';
import { Dynamic } from 'solid-js/web';

import { formatClock } from '../../i18n/format.ts';
import { formatMoment } from '../../i18n/moment.ts';
import { Badge } from '../../ui/badge.tsx';
import { describeState, findReasonMessage } from './key-state.ts';
import type { Look, StateNote } from './key-state.ts';
import { useKeyText } from './key-text.ts';
import type { KeySummary } from './key-types.ts';

const ICONS: Readonly<Record<Look, typeof Ban>> = {
  active: CircleCheck,
  rotating: RotateCcwKey,
  cooling_down: Snowflake,
  exhausted: Gauge,
  quarantined: Ban,
  disabled: CircleOff,
  draining: Hourglass,
  missing: CircleOff,
};

const DAY_SECONDS = 86_400;

function Until(props: { at: number; now: number }): JSX.Element {
  const { t, format } = useKeyText();
  const seconds = () => Math.ceil((props.at - props.now) / 1_000);
  return (
    <>
      <time class="whitespace-nowrap" datetime={new Date(props.at).toISOString()}>
        {t('until.at', { time: formatMoment(new Date(props.at), new Date(props.now), format()) })}
      </time>
      <Show when={seconds() < DAY_SECONDS}>
        {' '}
        <span class="whitespace-nowrap text-text-3">
          <span aria-hidden="true">· {formatClock(seconds())}</span>
          <span class="sr-only">, {t('until.left', { left: formatClock(seconds()) })}</span>
        </span>
      </Show>
    </>
  );
}

function Draining(props: { count: number; endsAt: number | null; now: number }): JSX.Element {
  const { t, plural, format } = useKeyText();
  const latest = (at: number) =>
    t('until.latest', { time: formatMoment(new Date(at), new Date(props.now), format()) });
  return (
    <>
      {props.count === 0 ? t('sessions.none') : plural('sessions.left', props.count)}
      <Show when={props.endsAt}>{(at) => <span class="block">{latest(at())}</span>}</Show>
    </>
  );
}

/** One of the notes, narrowed, for a `Match`. */
function pick<K extends StateNote['kind']>(note: StateNote, kind: K): Extract<StateNote, { kind: K }> | null {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- because TypeScript does not narrow a union by a generic kind
  return note.kind === kind ? (note as Extract<StateNote, { kind: K }>) : null;
}

function Note(props: { note: StateNote; now: number }): JSX.Element {
  const { t, format } = useKeyText();
  const moment = (at: number) => formatMoment(new Date(at), new Date(props.now), format());
  return (
    <span class="figures">
      <Switch>
        <Match when={pick(props.note, 'until')}>{(note) => <Until at={note().at} now={props.now} />}</Match>
        <Match when={pick(props.note, 'rotates')}>
          {(note) => t('until.rotates', { time: moment(note().at) })}
        </Match>
        <Match when={pick(props.note, 'due')}>
          {(note) => t(note().isProbe ? 'until.probe' : 'until.due')}
        </Match>
        <Match when={pick(props.note, 'sessions')}>
          {(note) => <Draining count={note().count} endsAt={note().endsAt} now={props.now} />}
        </Match>
      </Switch>
    </span>
  );
}

/** Icon and word, then why, and until when: the countdown runs by the reader's own clock. */
export function KeyStateCell(props: { state: KeySummary; now: number }): JSX.Element {
  const { t } = useKeyText();
  const view = () => describeState(props.state, props.now);
  const reason = () => {
    const code = view().reason;
    if (code === null) return null;
    const known = findReasonMessage(code);
    return known === null ? code.replaceAll('_', ' ') : t(known);
  };
  return (
    <div class="flex min-w-0 flex-col items-start gap-0.5" data-key-state={view().look}>
      <Badge tone={view().tone} icon={<Dynamic component={ICONS[view().look]} aria-hidden="true" />}>
        {t(`state.${view().look}`)}
      </Badge>
      <Show when={reason() !== null || view().note.kind !== 'none'}>
        <span class="text-caption text-text-2">
          <Show when={reason()}>{(why) => <span class="block">{why()}</span>}</Show>
          <Show when={view().note.kind !== 'none'}>
            <Note note={view().note} now={props.now} />
          </Show>
        </span>
      </Show>
    </div>
  );
}

export function EnvironmentBadge(): JSX.Element {
  const { t } = useKeyText();
  return (
    <Badge tone="neutral" icon={<Server aria-hidden="true" />} title={t('source.environmentHint')}>
      {t('source.environment')}
    </Badge>
  );
}

export function DemoKeyBadge(): JSX.Element {
  const { t } = useKeyText();
  return (
    <Badge tone="warning" icon={<FlaskConical aria-hidden="true" />}>
      {t('demo')}
    </Badge>
  );
}
