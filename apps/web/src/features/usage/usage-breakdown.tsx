import { A } from '@solidjs/router';
import Download from 'lucide-solid/icons/download';
import { createMemo, Show } from 'solid-js';
import type { JSX } from 'solid-js';

import { Button } from '../../ui/button.tsx';
import { DataTable } from '../../ui/data-table.tsx';
import type { Column } from '../../ui/data-table.tsx';
import { saveFile } from '../../ui/download.ts';
import { LabelledSelect } from '../../ui/labelled-select.tsx';
import { Money } from '../../ui/money.tsx';
import { SortHead } from '../../ui/sort-head.tsx';
import { createUsageCsv } from './usage-csv.ts';
import { addSums, costOf } from './usage-figures.ts';
import type { ShownUsage, UsageModel } from './usage-query.ts';
import { beginSort, SORT_COLUMNS, sortRows, toggleSort } from './usage-sort.ts';
import type { SortColumn, UsageRow } from './usage-sort.ts';
import { useUsageText } from './usage-text.ts';
import { createBarNames, createGroupNames, findGroupHref } from './usage-words.ts';

type Props = { model: UsageModel; shown: ShownUsage };

/** One row a group; without groups, one row a bar in which something was. */
function createRows(shown: () => ShownUsage): () => UsageRow[] {
  const groupName = createGroupNames(() => shown().group);
  const { nameOf } = createBarNames(shown);
  return () => {
    const { series, group } = shown();
    if (group !== 'none') {
      return series.groups.map((entry) => {
        const name = groupName(entry);
        return { id: entry.id, name, order: name, sums: addSums(entry.rows) };
      });
    }
    const rows = series.buckets.map((start, index) => ({
      id: start,
      name: nameOf(start),
      order: start,
      sums: addSums(series.groups.flatMap(({ rows: sums }) => sums[index] ?? [])),
    }));
    return rows.filter(({ sums }) => sums.sessions > 0);
  };
}

/** The row leads to the user or the key that it is about, where there is one. */
function NameCell(props: { row: UsageRow; shown: ShownUsage }): JSX.Element {
  return (
    <Show when={findGroupHref(props.shown.group, props.row.id)} fallback={props.row.name}>
      {(href) => (
        <A href={href()} class="text-text no-underline after:absolute after:inset-0 group-hover:text-accent">
          {props.row.name}
        </A>
      )}
    </Show>
  );
}

function CostCell(props: { row: UsageRow }): JSX.Element {
  const { plural } = useUsageText();
  return (
    <>
      <Money {...costOf(props.row.sums)} class="font-mono text-caption" />
      <Show when={props.row.sums.unknownCosts > 0}>
        <span class="block whitespace-nowrap text-caption text-text-3">
          {plural('row.unknown', props.row.sums.unknownCosts)}
        </span>
      </Show>
    </>
  );
}

type FigureColumn = Exclude<SortColumn, 'name' | 'cost'>;

function Figure(props: { row: UsageRow; column: FigureColumn }): JSX.Element {
  const { format } = useUsageText();
  const text = () => {
    const { sums } = props.row;
    if (props.column === 'minutes') return format().decimal(sums.seconds / 60);
    const counts = {
      sessions: sums.sessions,
      failed: sums.failed,
      input: sums.inputTokens,
      cached: sums.cachedTokens,
      output: sums.outputTokens,
    };
    return format().integer(counts[props.column]);
  };
  return <span class="font-mono text-caption figures">{text()}</span>;
}

function createHeads(shown: () => ShownUsage) {
  const { t } = useUsageText();
  return (column: SortColumn): string => {
    if (column !== 'name') return t(`col.${column}`);
    return shown().group === 'none' ? t('col.time') : t(`group.${shown().group}`);
  };
}

function createColumns(props: Props): Column<UsageRow>[] {
  const headOf = createHeads(() => props.shown);
  const sort = () => props.model.view().sort;
  const directionOf = (by: SortColumn) => (sort().by === by ? sort().direction : null);
  const toggle = (by: SortColumn) => props.model.change({ sort: toggleSort(sort(), by) });
  return SORT_COLUMNS.map((id) => ({
    head: () => (
      <SortHead direction={directionOf(id)} onSort={() => toggle(id)}>
        {headOf(id)}
      </SortHead>
    ),
    sort: () => directionOf(id),
    isEnd: id !== 'name',
    cellClass: id === 'name' ? 'max-w-72 min-w-40 wrap-anywhere font-medium' : '',
    cell: (row) => {
      if (id === 'name') return <NameCell row={row()} shown={props.shown} />;
      return id === 'cost' ? <CostCell row={row()} /> : <Figure row={row()} column={id} />;
    },
  }));
}

function Card(props: {
  row: UsageRow;
  shown: ShownUsage;
  headOf: (column: SortColumn) => string;
}): JSX.Element {
  const figures: readonly FigureColumn[] = ['sessions', 'failed', 'minutes', 'input', 'cached', 'output'];
  return (
    <>
      <div class="flex items-start justify-between gap-3">
        <span class="min-w-0 wrap-anywhere font-medium">
          <NameCell row={props.row} shown={props.shown} />
        </span>
        <span class="shrink-0 text-end">
          <CostCell row={props.row} />
        </span>
      </div>
      <dl class="grid grid-cols-3 gap-x-3 gap-y-1.5 text-caption">
        {figures.map((column) => (
          <div>
            <dt class="text-text-3">{props.headOf(column)}</dt>
            <dd>
              <Figure row={props.row} column={column} />
            </dd>
          </div>
        ))}
      </dl>
    </>
  );
}

/** The same numbers as in the chart, all metrics beside each other, to sort and to take along. */
export function UsageBreakdown(props: Props): JSX.Element {
  const { t } = useUsageText();
  const list = createRows(() => props.shown);
  const headOf = createHeads(() => props.shown);
  const sort = () => props.model.view().sort;
  const rows = createMemo(() => sortRows(list(), sort()));
  function save(): void {
    const { series, group } = props.shown;
    const day = (series.buckets[0] ?? '').slice(0, 10);
    saveFile(`usage-by-${group}-${day}.csv`, [createUsageCsv(series)], 'text/csv;charset=utf-8');
  }
  return (
    <section class="card overflow-hidden" aria-label={t('breakdown.title')}>
      <div class="flex flex-wrap items-center justify-between gap-3 border-b border-border px-4 py-3">
        <h2 class="text-body font-semibold">{t('breakdown.title')}</h2>
        <div class="flex flex-wrap items-center gap-3">
          <div class="md:hidden">
            <LabelledSelect
              label={t('breakdown.sort')}
              value={sort().by}
              options={SORT_COLUMNS.map((value) => ({ value, label: headOf(value) }))}
              onChange={(by) => props.model.change({ sort: beginSort(by) })}
            />
          </div>
          <Button size="compact" onClick={save}>
            <Download aria-hidden="true" class="size-4" />
            {t('breakdown.csv')}
          </Button>
        </div>
      </div>
      <DataTable
        label={t('breakdown.title')}
        density="one-line"
        rowTestId="usage-row"
        rows={rows()}
        columns={createColumns(props)}
        card={(row) => <Card row={row()} shown={props.shown} headOf={headOf} />}
      />
    </section>
  );
}
