import { createMemo, For, Show } from 'solid-js';
import type { Accessor, JSX } from 'solid-js';

import { Fact } from '../../ui/panel.tsx';
import type { KeyAction, PoolFacts } from './key-actions.ts';
import { KeyStateCell } from './key-badge.tsx';
import {
  AgeCell,
  ErrorCell,
  ErrorShare,
  KeyLink,
  KeyMarks,
  LastErrorCell,
  LastFour,
  LastUsedCell,
} from './key-cells.tsx';
import { KeyMenu } from './key-menu.tsx';
import { useKeyText } from './key-text.ts';
import type { KeySummary } from './key-types.ts';
import { Sparkline } from './sparkline.tsx';

export type KeysListProps = {
  keys: readonly KeySummary[];
  now: number;
  poolOf: (key: KeySummary) => PoolFacts;
  onAction: (key: KeySummary, action: KeyAction) => void;
};

/** Rows by id: a refresh changes their content, not the elements, so that an open menu stays open. */
function EachKey(props: {
  keys: readonly KeySummary[];
  children: (key: Accessor<KeySummary>) => JSX.Element;
}): JSX.Element {
  const ids = createMemo(() => props.keys.map(({ id }) => id));
  return (
    <For each={ids()}>
      {(id) => <Show when={props.keys.find((key) => key.id === id)}>{props.children}</Show>}
    </For>
  );
}

type RowProps = Omit<KeysListProps, 'keys'> & { summary: KeySummary };

function Row(props: RowProps): JSX.Element {
  const { format } = useKeyText();
  return (
    <tr
      data-testid="key-row"
      data-key-id={props.summary.id}
      class="group relative border-t border-border transition-colors hover:bg-surface [&>td]:px-2 [&>td]:py-3 [&>td]:align-top [&>td:first-child]:ps-4 "
    >
      <td class="min-w-36 max-w-56">
        <span class="flex flex-wrap items-center gap-x-2 gap-y-1">
          <KeyLink summary={props.summary} />
          <KeyMarks summary={props.summary} />
        </span>
      </td>
      <td>
        <LastFour digits={props.summary.lastFour} />
      </td>
      <td class="min-w-28 max-w-40">
        <span class="block">{props.summary.providerName}</span>
        <span class="block break-words font-mono text-caption text-text-3">{props.summary.limitDomain}</span>
      </td>
      <td class="min-w-36">
        <KeyStateCell state={props.summary} now={props.now} />
      </td>
      <td class="text-end font-mono text-caption leading-5 figures">
        {format().integer(props.summary.weight)}
      </td>
      <td class="text-end font-mono text-caption leading-5 figures">
        {format().integer(props.summary.uses24h)}
      </td>
      <td>
        <ErrorCell summary={props.summary} now={props.now} />
      </td>
      <td class="min-w-41 max-w-48">
        <LastErrorCell summary={props.summary} now={props.now} />
      </td>
      <td class="text-text-2">
        <LastUsedCell summary={props.summary} now={props.now} />
      </td>
      <td class="text-text-2">
        <AgeCell summary={props.summary} now={props.now} />
      </td>
      <td class="sticky end-0 bg-bg transition-colors group-hover:bg-surface">
        <span class="relative -my-1.5 block">
          <KeyMenu
            summary={props.summary}
            pool={props.poolOf(props.summary)}
            onChoose={(action) => props.onAction(props.summary, action)}
          />
        </span>
      </td>
    </tr>
  );
}

function Head(): JSX.Element {
  const { t } = useKeyText();
  return (
    <thead>
      <tr class="bg-surface text-caption text-text-2 [&>th]:px-2 [&>th]:py-2 [&>th]:text-start [&>th]:align-bottom [&>th]:font-medium [&>th:first-child]:ps-4">
        <th scope="col">{t('col.name')}</th>
        <th scope="col" class="whitespace-nowrap">
          {t('col.lastFour')}
        </th>
        <th scope="col">
          {t('col.provider')}
          <span class="block font-normal text-text-3">{t('col.domain')}</span>
        </th>
        <th scope="col">{t('col.state')}</th>
        <th scope="col">
          <span class="block whitespace-nowrap text-end">{t('col.weight')}</span>
        </th>
        <th scope="col">
          <span class="ms-auto block max-w-20 text-balance text-end">{t('col.requests')}</span>
        </th>
        <th scope="col">
          <span class="block text-end">{t('col.errors')}</span>
        </th>
        <th scope="col">{t('col.lastError')}</th>
        <th scope="col" class="whitespace-nowrap">
          {t('col.lastUsed')}
        </th>
        <th scope="col" class="whitespace-nowrap">
          {t('col.age')}
        </th>
        <th scope="col" class="sticky end-0 bg-surface">
          <span class="sr-only">{t('col.actions')}</span>
        </th>
      </tr>
    </thead>
  );
}

export function KeysTable(props: KeysListProps): JSX.Element {
  const { t } = useKeyText();
  return (
    <div
      class="hidden overflow-x-auto scroll-quiet lg:block"
      role="region"
      aria-label={t('region')}
      tabindex="0"
    >
      <table class="w-full border-collapse text-table">
        <caption class="sr-only">{t('region')}</caption>
        <Head />
        <tbody>
          <EachKey keys={props.keys}>
            {(key) => <Row summary={key()} now={props.now} poolOf={props.poolOf} onAction={props.onAction} />}
          </EachKey>
        </tbody>
      </table>
    </div>
  );
}

function CardFacts(props: { summary: KeySummary; now: number }): JSX.Element {
  const { t, format } = useKeyText();
  return (
    <dl class="grid grid-cols-2 gap-x-4 gap-y-2.5 sm:grid-cols-4">
      <Fact label={t('col.requests')}>
        <span class="font-mono figures">{format().integer(props.summary.uses24h)}</span>
      </Fact>
      <Fact label={t('col.errors')}>
        <span class="flex items-center gap-2.5">
          <ErrorShare summary={props.summary} />
          <Sparkline series={props.summary.errorSeries24h} now={props.now} />
        </span>
      </Fact>
      <Fact label={t('col.lastUsed')}>
        <LastUsedCell summary={props.summary} now={props.now} />
      </Fact>
      <Fact label={t('col.age')}>
        <AgeCell summary={props.summary} now={props.now} />
      </Fact>
      <Show when={props.summary.lastError !== null}>
        <Fact label={t('col.lastError')} class="col-span-2 sm:col-span-4">
          <LastErrorCell summary={props.summary} now={props.now} />
        </Fact>
      </Show>
    </dl>
  );
}

function Card(props: RowProps): JSX.Element {
  const { t, format } = useKeyText();
  return (
    <li class="group relative flex flex-col gap-3 border-t border-border px-4 py-3.5 first:border-t-0">
      <div class="flex items-start justify-between gap-3">
        <div class="min-w-0">
          <p class="flex flex-wrap items-center gap-x-2 gap-y-1 text-body">
            <KeyLink summary={props.summary} />
            <KeyMarks summary={props.summary} />
          </p>
          <p class="text-table text-text-2">
            {props.summary.providerName} · <LastFour digits={props.summary.lastFour} />
            <Show when={props.summary.limitDomain}>
              {(domain) => <span class="break-all font-mono text-caption"> · {domain()}</span>}
            </Show>
            <Show when={props.summary.weight !== 1}>
              {' · '}
              <span class="whitespace-nowrap">
                {t('col.weight')} {format().integer(props.summary.weight)}
              </span>
            </Show>
          </p>
        </div>
        <span class="relative -me-1.5 -mt-1">
          <KeyMenu
            summary={props.summary}
            pool={props.poolOf(props.summary)}
            onChoose={(action) => props.onAction(props.summary, action)}
          />
        </span>
      </div>
      <KeyStateCell state={props.summary} now={props.now} />
      <CardFacts summary={props.summary} now={props.now} />
    </li>
  );
}

/** The same keys for a screen on which the table has no room. */
export function KeysCards(props: KeysListProps): JSX.Element {
  const { t } = useKeyText();
  return (
    <ul class="lg:hidden" aria-label={t('region')}>
      <EachKey keys={props.keys}>
        {(key) => <Card summary={key()} now={props.now} poolOf={props.poolOf} onAction={props.onAction} />}
      </EachKey>
    </ul>
  );
}
