import { A } from '@solidjs/router';
import KeyRound from 'lucide-solid/icons/key-round';
import Pencil from 'lucide-solid/icons/pencil';
import Trash from 'lucide-solid/icons/trash';
import User from 'lucide-solid/icons/user';
import { createMemo, Show } from 'solid-js';
import type { JSX } from 'solid-js';

import { Badge } from '../../ui/badge.tsx';
import { DataTable } from '../../ui/data-table.tsx';
import type { Column } from '../../ui/data-table.tsx';
import { truncateMiddle } from '../../ui/id-chip.tsx';
import { RelativeTime } from '../../ui/relative-time.tsx';
import { toUserHref } from '../users/user-href.ts';
import type { BudgetDialogs } from './budget-dialogs.tsx';
import { budgetKey, nameOfBudget } from './budget-filter.ts';
import type { BudgetTarget } from './budget-form.ts';
import { BudgetMeter, ResetTime } from './budget-meter.tsx';
import { useLimitText } from './limit-text.ts';
import type { BudgetEntry } from './limit-types.ts';

type BudgetsTableProps = {
  budgets: readonly BudgetEntry[];
  now: number;
  canWrite: boolean;
  dialogs: BudgetDialogs;
};

type Row = BudgetEntry & { id: string };

function toTarget(budget: BudgetEntry): BudgetTarget {
  return {
    scope: budget.scope,
    subject: budget.subject,
    name: nameOfBudget(budget),
    current: budget,
  };
}

function Who(props: { budget: BudgetEntry }): JSX.Element {
  const { t } = useLimitText();
  const isUser = () => props.budget.scope === 'user';
  const href = () => (isUser() ? toUserHref(props.budget.subject) : `/access-keys/${props.budget.subject}`);
  return (
    <div class="flex min-w-0 flex-col gap-1">
      <A href={href()} class="w-fit max-w-full truncate font-medium text-text hover:text-accent">
        {nameOfBudget(props.budget)}
      </A>
      <span class="flex flex-wrap items-center gap-2">
        <Badge
          tone="neutral"
          icon={
            <Show when={isUser()} fallback={<KeyRound aria-hidden="true" />}>
              <User aria-hidden="true" />
            </Show>
          }
        >
          {t(`budgets.scope.${props.budget.scope}`)}
        </Badge>
        <Show when={props.budget.name}>
          <code class="font-mono text-caption text-text-3" title={props.budget.subject}>
            {truncateMiddle(props.budget.subject)}
          </code>
        </Show>
      </span>
    </div>
  );
}

function Period(props: { budget: BudgetEntry }): JSX.Element {
  const { t } = useLimitText();
  return (
    <div class="flex flex-col gap-0.5">
      <span>{t(`period.${props.budget.period}`)}</span>
      <span class="text-caption text-text-3">
        <ResetTime use={props.budget} />
      </span>
    </div>
  );
}

function Updated(props: { budget: BudgetEntry; now: number }): JSX.Element {
  return (
    <div class="flex flex-col gap-0.5">
      <RelativeTime at={props.budget.updatedAt} now={props.now} />
      <span class="max-w-36 truncate text-caption text-text-3" title={props.budget.updatedBy}>
        {props.budget.updatedBy}
      </span>
    </div>
  );
}

const ICON_BUTTON =
  'grid size-8 place-items-center rounded-control text-text-2 hover:bg-muted hover:text-text touch-target [&_svg]:size-4';

function RowActions(props: { budget: BudgetEntry; dialogs: BudgetDialogs }): JSX.Element {
  const { t } = useLimitText();
  const name = () => nameOfBudget(props.budget);
  const edit = () => t('budgets.editOf', { name: name() });
  const remove = () => t('budgets.removeOf', { name: name() });
  return (
    <span class="flex justify-end gap-1">
      <button
        type="button"
        class={ICON_BUTTON}
        aria-label={edit()}
        title={edit()}
        onClick={() => props.dialogs.edit(toTarget(props.budget))}
      >
        <Pencil aria-hidden="true" />
      </button>
      <button
        type="button"
        class={ICON_BUTTON}
        aria-label={remove()}
        title={remove()}
        onClick={() => props.dialogs.remove(toTarget(props.budget))}
      >
        <Trash aria-hidden="true" />
      </button>
    </span>
  );
}

function createColumns(props: BudgetsTableProps): Column<Row>[] {
  const { t } = useLimitText();
  const actions: Column<Row> = {
    head: () => <span class="sr-only">{t('budgets.col.actions')}</span>,
    cell: (budget) => <RowActions budget={budget()} dialogs={props.dialogs} />,
    isEnd: true,
  };
  return [
    { head: () => t('budgets.col.who'), cell: (budget) => <Who budget={budget()} />, cellClass: 'max-w-64' },
    {
      head: () => t('budgets.col.spend'),
      cell: (budget) => <BudgetMeter use={budget()} name={nameOfBudget(budget())} />,
      cellClass: 'min-w-56',
    },
    { head: () => t('budgets.col.period'), cell: (budget) => <Period budget={budget()} /> },
    { head: () => t('budgets.col.action'), cell: (budget) => t(`action.${budget().action}`) },
    { head: () => t('budgets.col.updated'), cell: (budget) => <Updated budget={budget()} now={props.now} /> },
    ...(props.canWrite ? [actions] : []),
  ];
}

function Card(props: BudgetsTableProps & { budget: BudgetEntry }): JSX.Element {
  const { t } = useLimitText();
  return (
    <>
      <div class="flex items-start justify-between gap-3">
        <Who budget={props.budget} />
        <Show when={props.canWrite}>
          <RowActions budget={props.budget} dialogs={props.dialogs} />
        </Show>
      </div>
      <BudgetMeter use={props.budget} name={nameOfBudget(props.budget)} />
      <div class="flex items-start justify-between gap-3 text-table text-text-2">
        <Period budget={props.budget} />
        <span class="text-end">{t(`action.${props.budget.action}`)}</span>
      </div>
    </>
  );
}

export function BudgetsTable(props: BudgetsTableProps): JSX.Element {
  const { t } = useLimitText();
  const columns = createMemo(() => createColumns(props));
  const rows = (): Row[] => props.budgets.map((budget) => ({ ...budget, id: budgetKey(budget) }));
  return (
    <DataTable
      label={t('budgets.table')}
      density="tall"
      rowTestId="budget-row"
      rows={rows()}
      columns={columns()}
      card={(budget) => <Card {...props} budget={budget()} />}
    />
  );
}
