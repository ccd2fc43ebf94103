import { Show } from 'solid-js';
import type { JSX } from 'solid-js';

import { DataTable } from '../../ui/data-table.tsx';
import type { Column } from '../../ui/data-table.tsx';
import { Fact } from '../../ui/panel.tsx';
import type { KeyAction } from './key-actions.ts';
import { KeyStateCell } from './key-badge.tsx';
import { BudgetCell, ExpiryCell, KeyShape, LastUsedCell, NameCell, ScopesCell } from './key-cells.tsx';
import { KeyMenu } from './key-menu.tsx';
import { isFormer } from './key-state.ts';
import { useKeyText } from './key-text.ts';
import type { KeySummary } from './key-types.ts';

export type KeysListProps = {
  keys: readonly KeySummary[];
  now: number;
  onAction: (key: KeySummary, action: KeyAction) => void;
};

type RowProps = Omit<KeysListProps, 'keys'> & { summary: KeySummary };

function RowMenu(props: RowProps & { class: string }): JSX.Element {
  return (
    <span class={`relative ${props.class}`}>
      <KeyMenu
        summary={props.summary}
        now={props.now}
        onChoose={(action) => props.onAction(props.summary, action)}
      />
    </span>
  );
}

/** What a former secret has from its key, in whose row it stands already. */
function OfKey(props: { summary: KeySummary; children: JSX.Element }): JSX.Element {
  return <Show when={!isFormer(props.summary)}>{props.children}</Show>;
}

function createColumns(props: KeysListProps): Column<KeySummary>[] {
  const { t } = useKeyText();
  return [
    {
      head: () => t('col.name'),
      cell: (key) => <NameCell summary={key()} />,
      cellClass: 'min-w-40 max-w-64',
    },
    { head: () => t('col.key'), cell: (key) => <KeyShape summary={key()} /> },
    {
      head: () => t('col.scopes'),
      cell: (key) => (
        <OfKey summary={key()}>
          <ScopesCell scopes={key().scopes} />
        </OfKey>
      ),
      cellClass: 'max-w-56',
    },
    {
      head: () => t('col.spend'),
      cell: (key) => (
        <OfKey summary={key()}>
          <BudgetCell summary={key()} />
        </OfKey>
      ),
    },
    { head: () => t('col.lastUsed'), cell: (key) => <LastUsedCell summary={key()} now={props.now} /> },
    {
      head: () => t('col.expires'),
      cell: (key) => (
        <OfKey summary={key()}>
          <ExpiryCell summary={key()} now={props.now} />
        </OfKey>
      ),
    },
    {
      head: () => t('col.state'),
      cell: (key) => <KeyStateCell summary={key()} now={props.now} />,
      cellClass: 'min-w-36',
    },
    {
      head: () => <span class="sr-only">{t('col.actions')}</span>,
      cell: (key) => (
        <RowMenu class="-my-1.5 block" summary={key()} now={props.now} onAction={props.onAction} />
      ),
      headClass: 'sticky end-0 bg-surface',
      cellClass: 'sticky end-0 bg-bg transition-colors group-hover:bg-surface',
    },
  ];
}

function Card(props: RowProps): JSX.Element {
  const { t } = useKeyText();
  return (
    <>
      <div class="flex items-start justify-between gap-3">
        <div class="min-w-0">
          <p class="text-body">
            <NameCell summary={props.summary} />
          </p>
          <KeyShape summary={props.summary} />
        </div>
        <RowMenu class="-me-1.5 -mt-1" {...props} />
      </div>
      <KeyStateCell summary={props.summary} now={props.now} />
      <dl class="grid grid-cols-2 gap-x-4 gap-y-2.5 sm:grid-cols-4">
        <Show when={!isFormer(props.summary)}>
          <Fact label={t('col.scopes')}>
            <ScopesCell scopes={props.summary.scopes} />
          </Fact>
          <Fact label={t('col.spend')}>
            <BudgetCell summary={props.summary} />
          </Fact>
        </Show>
        <Fact label={t('col.lastUsed')}>
          <LastUsedCell summary={props.summary} now={props.now} />
        </Fact>
        <Show when={!isFormer(props.summary)}>
          <Fact label={t('col.expires')}>
            <ExpiryCell summary={props.summary} now={props.now} />
          </Fact>
        </Show>
      </dl>
    </>
  );
}

export function KeysTable(props: KeysListProps): JSX.Element {
  const { t } = useKeyText();
  return (
    <DataTable
      label={t('region')}
      density="tall"
      rowTestId="access-key-row"
      rows={props.keys}
      columns={createColumns(props)}
      card={(key) => <Card summary={key()} now={props.now} onAction={props.onAction} />}
    />
  );
}
