import type { SortDirection } from '../../ui/data-table.tsx';
import { valueOf } from './usage-figures.ts';
import type { UsageSums } from './usage-types.ts';

export const SORT_COLUMNS = [
  'name',
  'cost',
  'sessions',
  'failed',
  'minutes',
  'input',
  'cached',
  'output',
] as const;
export type SortColumn = (typeof SORT_COLUMNS)[number];
export type UsageSort = { by: SortColumn; direction: SortDirection };

/** `order` is what a name sorts by where it is not the name itself: a time. */
export type UsageRow = { id: string; name: string; order: string; sums: UsageSums };

const FIGURES: Readonly<Record<Exclude<SortColumn, 'name'>, (sums: UsageSums) => number>> = {
  cost: (sums) => valueOf(sums, 'cost'),
  sessions: (sums) => sums.sessions,
  failed: (sums) => sums.failed,
  minutes: (sums) => sums.seconds,
  input: (sums) => sums.inputTokens,
  cached: (sums) => sums.cachedTokens,
  output: (sums) => sums.outputTokens,
};

function compare(a: UsageRow, b: UsageRow, by: SortColumn): number {
  const byName = a.order.localeCompare(b.order) || a.id.localeCompare(b.id);
  return by === 'name' ? byName : FIGURES[by](a.sums) - FIGURES[by](b.sums);
}

export function sortRows(rows: readonly UsageRow[], { by, direction }: UsageSort): UsageRow[] {
  const sign = direction === 'ascending' ? 1 : -1;
  return rows.toSorted((a, b) => sign * compare(a, b, by));
}

/** Figures begin with the largest. */
export function beginSort(by: SortColumn): UsageSort {
  return { by, direction: by === 'name' ? 'ascending' : 'descending' };
}

/** A press on the head of the column by which the rows stand turns them round. */
export function toggleSort(sort: UsageSort, by: SortColumn): UsageSort {
  if (sort.by !== by) return beginSort(by);
  return { by, direction: sort.direction === 'ascending' ? 'descending' : 'ascending' };
}
