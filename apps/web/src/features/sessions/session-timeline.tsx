import { A } from '@solidjs/router';
import { createSignal, Index, Match, Show, Switch } from 'solid-js';
import type { Accessor, JSX } from 'solid-js';

import { formatClock } from '../../i18n/format.ts';
import { Button } from '../../ui/button.tsx';
import { truncateMiddle } from '../../ui/id-chip.tsx';
import { Money } from '../../ui/money.tsx';
import { TimelineItem } from '../../ui/timeline.tsx';
import { useSessionText } from './session-text.ts';
import type { SessionDetail, UsageEvent } from './session-types.ts';
import { createTimeline } from './timeline.ts';
import type { TimelineEntry } from './timeline.ts';
import { describeUsage } from './usage-words.ts';

const TONES = { done: 'accent', running: 'running', failed: 'danger', waiting: 'off' } as const;

type EntryOf<TKind extends TimelineEntry['kind']> = Extract<TimelineEntry, { kind: TKind }>;

function Moment(props: { entry: EntryOf<'moment'>; mintMs: number | null }): JSX.Element {
  const { t, format } = useSessionText();
  const mint = () =>
    props.entry.key === 'timeline.issued' && props.mintMs !== null
      ? t('timeline.mint', { ms: format().milliseconds(props.mintMs) })
      : null;
  return (
    <TimelineItem tone={TONES[props.entry.tone]} title={t(props.entry.key)}>
      <p class="text-table text-text-2">
        <Show when={props.entry.at}>
          {(at) => <time datetime={at()}>{format().dateTime(new Date(at()))}</time>}
        </Show>
        <Show when={mint()}>{(text) => <> · {text()}</>}</Show>
      </p>
    </TimelineItem>
  );
}

function Try(props: { entry: EntryOf<'try'> }): JSX.Element {
  const { t, format } = useSessionText();
  const attempt = () => props.entry.attempt;
  const status = () =>
    attempt().status === null
      ? t('timeline.noAnswer')
      : t('timeline.status', { status: attempt().status ?? '' });
  return (
    <TimelineItem
      tone={TONES[props.entry.tone]}
      title={t('timeline.try', { number: props.entry.number })}
      action="try"
    >
      <p class="text-table text-text-2">
        {status()}
        <Show when={attempt().code}>
          {(code) => (
            <>
              {' · '}
              <code class="break-all font-mono text-caption">{code()}</code>
            </>
          )}
        </Show>
        {' · '}
        <span class="figures">{format().milliseconds(attempt().durationMs)}</span>
        {/* Operators alone are told which keys were tried. */}
        <Show when={attempt().keyId}>
          {(keyId) => (
            <>
              {' · '}
              <A
                href={`/provider-keys/${keyId()}`}
                title={keyId()}
                class="text-accent underline underline-offset-2"
              >
                {t('timeline.key', { id: truncateMiddle(keyId()) })}
              </A>
            </>
          )}
        </Show>
      </p>
    </TimelineItem>
  );
}

function titleOf(event: UsageEvent): 'timeline.totals' | 'timeline.response' | 'timeline.transcription' {
  return event.eventId.startsWith('totals') ? 'timeline.totals' : `timeline.${event.kind}`;
}

function Usage(props: { entry: EntryOf<'usage'> }): JSX.Element {
  const text = useSessionText();
  const { t, format } = text;
  const event = () => props.entry.event;
  const words = () => describeUsage(event(), text, format()).join(' · ');
  return (
    <TimelineItem
      tone={event().kind === 'response' ? 'accent' : 'off'}
      title={
        <span class="flex flex-wrap items-baseline justify-between gap-x-4">
          <span>{t(titleOf(event()))}</span>
          <Money microUsd={event().costMicroUsd} class="font-mono text-table" />
        </span>
      }
      action="usage"
    >
      <p class="text-table text-text-2 figures">
        <time datetime={event().at} title={format().dateTime(new Date(event().at))}>
          <Show when={props.entry.offsetSeconds !== null} fallback={format().dateTime(new Date(event().at))}>
            {t('timeline.at', { clock: formatClock(props.entry.offsetSeconds ?? 0) })}
          </Show>
        </time>
        {' · '}
        {words() === '' ? t('timeline.noUsage') : words()}
      </p>
    </TimelineItem>
  );
}

function Entry(props: { entry: TimelineEntry; mintMs: number | null; onShowAll: () => void }): JSX.Element {
  const { plural } = useSessionText();
  const as = <TKind extends TimelineEntry['kind']>(kind: TKind): EntryOf<TKind> | null => {
    const { entry } = props;
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- because the kind says which of the union it is
    return entry.kind === kind ? (entry as EntryOf<TKind>) : null;
  };
  const keyed = <TKind extends TimelineEntry['kind']>(
    kind: TKind,
    part: (entry: Accessor<EntryOf<TKind>>) => JSX.Element,
  ) => <Match when={as(kind)}>{(entry) => part(entry)}</Match>;
  return (
    <Switch>
      {keyed('moment', (entry) => (
        <Moment entry={entry()} mintMs={props.mintMs} />
      ))}
      {keyed('try', (entry) => (
        <Try entry={entry()} />
      ))}
      {keyed('usage', (entry) => (
        <Usage entry={entry()} />
      ))}
      {keyed('hidden', (entry) => (
        <TimelineItem
          tone="off"
          title={
            <Button size="compact" onClick={() => props.onShowAll()}>
              {plural('timeline.hidden', entry().count)}
            </Button>
          }
        >
          {null}
        </TimelineItem>
      ))}
    </Switch>
  );
}

/** One line from the request to the end. */
export function SessionTimeline(props: { session: SessionDetail; now: number }): JSX.Element {
  const [isWhole, setIsWhole] = createSignal(false);
  return (
    <ol class="flex flex-col" data-testid="timeline">
      <Index each={createTimeline(props.session, props.now, isWhole())}>
        {(entry) => (
          <Entry entry={entry()} mintMs={props.session.mintMs} onShowAll={() => setIsWhole(true)} />
        )}
      </Index>
    </ol>
  );
}
