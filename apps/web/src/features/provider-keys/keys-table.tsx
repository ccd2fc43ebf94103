import { Show } from 'solid-js';
import type { JSX } from 'solid-js';

import { DataTable } from '../../ui/data-table.tsx';
import type { Column } from '../../ui/data-table.tsx';
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

type RowProps = Omit<KeysListProps, 'keys'> & { summary: KeySummary };

function Figure(props: { value: number }): JSX.Element {
  const { format } = useKeyText();
  return <span class="font-mono text-caption leading-5 figures">{format().integer(props.value)}</span>;
}

function NameCell(props: { summary: KeySummary }): JSX.Element {
  return (
    <span class="flex flex-wrap items-center gap-x-2 gap-y-1">
      <KeyLink summary={props.summary} />
      <KeyMarks summary={props.summary} />
    </span>
  );
}

function ProviderCell(props: { summary: KeySummary }): JSX.Element {
  return (
    <>
      <span class="block">{props.summary.providerName}</span>
      <span class="block wrap-anywhere font-mono text-caption text-text-3">{props.summary.limitDomain}</span>
    </>
  );
}

function RowMenu(props: RowProps & { class: string }): JSX.Element {
  return (
    <span class={`relative ${props.class}`}>
      <KeyMenu
        summary={props.summary}
        pool={props.poolOf(props.summary)}
        onChoose={(action) => props.onAction(props.summary, action)}
      />
    </span>
  );
}

function createIdentityColumns(props: KeysListProps): Column<KeySummary>[] {
  const { t } = useKeyText();
  return [
    {
      head: () => t('col.name'),
      cell: (key) => <NameCell summary={key()} />,
      cellClass: 'min-w-40 max-w-56',
    },
    {
      head: () => t('col.lastFour'),
      cell: (key) => <LastFour digits={key().lastFour} />,
      headClass: 'whitespace-nowrap',
    },
    {
      head: () => (
        <>
          {t('col.provider')}
          <span class="block font-normal text-text-3">{t('col.domain')}</span>
        </>
      ),
      cell: (key) => <ProviderCell summary={key()} />,
      cellClass: 'min-w-37 max-w-48',
    },
    {
      head: () => t('col.state'),
      cell: (key) => <KeyStateCell state={key()} now={props.now} />,
      cellClass: 'min-w-36',
    },
  ];
}

function createUsageColumns(props: KeysListProps): Column<KeySummary>[] {
  const { t } = useKeyText();
  return [
    {
      head: () => <span class="whitespace-nowrap">{t('col.weight')}</span>,
      cell: (key) => <Figure value={key().weight} />,
      isEnd: true,
    },
    {
      head: () => <span class="ms-auto block max-w-20 text-balance">{t('col.requests')}</span>,
      cell: (key) => <Figure value={key().uses24h} />,
      isEnd: true,
    },
    {
      head: () => t('col.errors'),
      cell: (key) => <ErrorCell summary={key()} now={props.now} />,
      isEnd: true,
    },
    {
      head: () => t('col.lastError'),
      cell: (key) => <LastErrorCell summary={key()} now={props.now} />,
      cellClass: 'min-w-41 max-w-48',
    },
    {
      head: () => t('col.lastUsed'),
      cell: (key) => <LastUsedCell summary={key()} now={props.now} />,
      headClass: 'whitespace-nowrap',
      cellClass: 'text-text-2',
    },
    {
      head: () => t('col.age'),
      cell: (key) => <AgeCell summary={key()} now={props.now} />,
      headClass: 'whitespace-nowrap',
      cellClass: 'text-text-2',
    },
  ];
}

function createColumns(props: KeysListProps): Column<KeySummary>[] {
  const { t } = useKeyText();
  const menu: Column<KeySummary> = {
    head: () => <span class="sr-only">{t('col.actions')}</span>,
    cell: (key) => (
      <RowMenu
        class="-my-1.5 block"
        summary={key()}
        now={props.now}
        poolOf={props.poolOf}
        onAction={props.onAction}
      />
    ),
    headClass: 'sticky end-0 bg-surface',
    cellClass: 'sticky end-0 bg-bg transition-colors group-hover:bg-surface',
  };
  return [...createIdentityColumns(props), ...createUsageColumns(props), menu];
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
    <>
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
        <RowMenu class="-me-1.5 -mt-1" {...props} />
      </div>
      <KeyStateCell state={props.summary} now={props.now} />
      <CardFacts summary={props.summary} now={props.now} />
    </>
  );
}

export function KeysTable(props: KeysListProps): JSX.Element {
  const { t } = useKeyText();
  return (
    <DataTable
      label={t('region')}
      density="tall"
      rowTestId="key-row"
      rows={props.keys}
      columns={createColumns(props)}
      card={(key) => <Card summary={key()} now={props.now} poolOf={props.poolOf} onAction={props.onAction} />}
    />
  );
}
