import { A } from '@solidjs/router';
import { Show } from 'solid-js';
import type { JSX } from 'solid-js';

import { IdChip } from '../../ui/id-chip.tsx';
import { Fact, Nothing } from '../../ui/panel.tsx';
import { RelativeTime } from '../../ui/relative-time.tsx';
import { KeyStateCell } from './key-badge.tsx';
import { KeyMarks, LastUsedCell } from './key-cells.tsx';
import { useKeyText } from './key-text.ts';
import type { KeySummary } from './key-types.ts';

type FactsProps = { summary: KeySummary; keys: readonly KeySummary[]; now: number };

function OtherKey(props: { id: string | null; keys: readonly KeySummary[] }): JSX.Element {
  const { t } = useKeyText();
  const other = () => props.keys.find(({ id }) => id === props.id);
  return (
    <Show when={props.id} fallback={<Nothing />}>
      {(id) => (
        <Show when={other()} fallback={t('detail.otherKey')}>
          {(key) => (
            <A href={`/provider-keys/${id()}`} class="text-accent underline underline-offset-2">
              {key().name} …{key().lastFour}
            </A>
          )}
        </Show>
      )}
    </Show>
  );
}

function Kek(props: { summary: KeySummary }): JSX.Element {
  const { t } = useKeyText();
  return (
    <Show when={props.summary.kekVersion !== null} fallback={<Nothing />}>
      <span class={props.summary.isOutdatedKek ? 'text-warning' : ''}>
        {props.summary.isOutdatedKek
          ? t('detail.kekOld', { version: String(props.summary.kekVersion) })
          : String(props.summary.kekVersion)}
      </span>
    </Show>
  );
}

function LastError(props: { summary: KeySummary; now: number }): JSX.Element {
  const { t } = useKeyText();
  return (
    <Show when={props.summary.lastError} fallback={t('detail.noError')}>
      {(text) => (
        <>
          <span class="wrap-anywhere font-mono text-caption">{text()}</span>
          <Show when={props.summary.lastErrorAt}>
            {(at) => (
              <span class="ms-2 text-table text-text-3">
                <RelativeTime at={at()} now={props.now} />
              </span>
            )}
          </Show>
        </>
      )}
    </Show>
  );
}

/** Everything that is known of a key, but not the key. */
export function KeyFacts(props: FactsProps): JSX.Element {
  const { t, format } = useKeyText();
  return (
    <section class="card p-4 sm:p-5" aria-label={t('detail.facts')}>
      <dl class="grid grid-cols-2 gap-x-6 gap-y-4 sm:grid-cols-3 lg:grid-cols-5">
        <Fact label={t('col.state')}>
          <div class="flex flex-wrap items-start gap-1.5">
            <KeyStateCell state={props.summary} now={props.now} />
            <KeyMarks summary={props.summary} />
          </div>
        </Fact>
        <Fact label={t('detail.sessions')}>
          <span class="font-mono figures">{format().integer(props.summary.openSessions)}</span>
        </Fact>
        <Fact label={t('detail.requests')}>
          <span class="font-mono figures">{format().integer(props.summary.usageCount)}</span>
        </Fact>
        <Fact label={t('detail.errors')}>
          <span class="font-mono figures">{format().integer(props.summary.errorCount)}</span>
        </Fact>
        <Fact label={t('col.lastUsed')}>
          <LastUsedCell summary={props.summary} now={props.now} />
        </Fact>
        <Fact label={t('col.domain')}>
          <Show when={props.summary.limitDomain} fallback={<Nothing />}>
            {(domain) => <span class="wrap-anywhere font-mono text-table">{domain()}</span>}
          </Show>
        </Fact>
        <Fact label={t('col.weight')}>
          <span class="font-mono figures">{format().integer(props.summary.weight)}</span>
        </Fact>
        <Fact label={t('detail.created')}>
          <time datetime={props.summary.createdAt}>
            {format().dateTime(new Date(props.summary.createdAt))}
          </time>
        </Fact>
        <Fact label={t('detail.kek')}>
          <Kek summary={props.summary} />
        </Fact>
        <Fact label={t(props.summary.replacedBy === null ? 'detail.replaces' : 'detail.replacedBy')}>
          <OtherKey id={props.summary.replacedBy ?? props.summary.replaces} keys={props.keys} />
        </Fact>
        <Fact label={t('detail.lastError')} class="col-span-2 sm:col-span-3">
          <LastError summary={props.summary} now={props.now} />
        </Fact>
        <Fact label={t('detail.id')} class="col-span-2">
          <IdChip id={props.summary.id} what={t('detail.id')} />
        </Fact>
      </dl>
    </section>
  );
}
