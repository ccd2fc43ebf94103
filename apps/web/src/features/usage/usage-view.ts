import { addDays, countDays, parseDay } from '../../i18n/calendar-day.ts';
import type { Zone } from '../../i18n/calendar-day.ts';
import { GROUPINGS, METRICS } from './usage-types.ts';
import type { Grouping, Interval, Metric } from './usage-types.ts';
import { SORT_COLUMNS } from './usage-sort.ts';
import type { UsageSort } from './usage-sort.ts';

export const RANGES = ['24h', '7d', '30d', '90d', 'custom'] as const;
export type Range = (typeof RANGES)[number];

/** `from` and `to` are the first and the last day of a range of one's own, as `2026-11-22`. */
export type UsageRange = { kind: Exclude<Range, 'custom'> } | { kind: 'custom'; from: string; to: string };

export type UsageView = {
  range: UsageRange;
  zone: Zone;
  interval: Interval;
  group: Grouping;
  metric: Metric;
  sort: UsageSort;
};

/** All of it lives in the address. What is as usual is left out of it. */
export type UsageSearch = Partial<
  Record<'range' | 'from' | 'to' | 'zone' | 'interval' | 'group' | 'metric' | 'sort' | 'order', string>
>;

type Search = Readonly<Partial<Record<keyof UsageSearch, string | string[] | undefined>>>;

const DEFAULT_RANGE = '30d';
const RANGE_DAYS = { '24h': 1, '7d': 7, '30d': 30, '90d': 90 } as const;

/** Groups stand by what they cost, times by their order; the newest and the dearest first. */
export function findUsualSort(group: Grouping): UsageSort {
  return { by: group === 'none' ? 'name' : 'cost', direction: 'descending' };
}

/** As many points as the server gives and an eye can tell apart. */
const MOST_HOURLY_DAYS = 14;
const MOST_DAILY_DAYS = 366;
const LEAST_MONTHLY_DAYS = 28;
const MOST_DAYS = 3_653;

function pick<const T extends string>(choices: readonly T[], value: unknown, otherwise: T): T {
  return choices.find((choice) => choice === value) ?? otherwise;
}

function parseRange(search: Search): UsageRange {
  const kind = pick(RANGES, search.range, DEFAULT_RANGE);
  if (kind !== 'custom') return { kind };
  const [from, to] = [parseDay(search.from), parseDay(search.to)];
  if (from === null || to === null || from > to || countDays(from, to) > MOST_DAYS) {
    return { kind: DEFAULT_RANGE };
  }
  return { kind, from, to };
}

export function daysOf(range: UsageRange): number {
  return range.kind === 'custom' ? countDays(range.from, range.to) : RANGE_DAYS[range.kind];
}

/** The lengths of a bar that make sense over so many days, the usual one of them first. */
export function listIntervals(range: UsageRange): Interval[] {
  const days = daysOf(range);
  if (days === 1) return ['hour'];
  if (days > MOST_DAILY_DAYS) return ['month'];
  return [
    'day',
    ...(days <= MOST_HOURLY_DAYS ? (['hour'] as const) : []),
    ...(days >= LEAST_MONTHLY_DAYS ? (['month'] as const) : []),
  ];
}

/** What does not exist, or does not fit together, is as usual. */
export function parseUsageView(search: Search): UsageView {
  const range = parseRange(search);
  const [usual, ...others] = listIntervals(range);
  const group = pick(GROUPINGS, search.group, 'model');
  const usualSort = findUsualSort(group);
  return {
    range,
    zone: pick(['local', 'utc'], search.zone, 'local'),
    interval: others.find((interval) => interval === search.interval) ?? usual ?? 'day',
    group,
    metric: pick(METRICS, search.metric, 'cost'),
    sort: {
      by: pick(SORT_COLUMNS, search.sort, usualSort.by),
      direction: pick(['ascending', 'descending'], search.order, usualSort.direction),
    },
  };
}

function unless(usual: string, value: string): string | undefined {
  return value === usual ? undefined : value;
}

/** `undefined` takes a part out of the address. */
export function toUsageSearch(view: UsageView): Record<keyof UsageSearch, string | undefined> {
  const { range, sort } = view;
  const usualSort = findUsualSort(view.group);
  return {
    range: unless(DEFAULT_RANGE, range.kind),
    from: range.kind === 'custom' ? range.from : undefined,
    to: range.kind === 'custom' ? range.to : undefined,
    zone: unless('local', view.zone),
    interval: unless(listIntervals(range)[0] ?? 'day', view.interval),
    group: unless('model', view.group),
    metric: unless('cost', view.metric),
    sort: unless(usualSort.by, sort.by),
    order: unless(usualSort.direction, sort.direction),
  };
}

export function isUsualRange(view: UsageView): boolean {
  return view.range.kind === DEFAULT_RANGE;
}

/** The same days as a range of one's own, to begin with. */
export function toCustomRange(range: UsageRange, today: string): UsageRange {
  return range.kind === 'custom'
    ? range
    : { kind: 'custom', from: addDays(today, 1 - daysOf(range)), to: today };
}

/** A beginning after the end takes the end along, and the other way round. */
export function moveRange(
  range: UsageRange & { kind: 'custom' },
  change: { from?: string; to?: string },
): UsageRange {
  const [from, to] = [parseDay(change.from) ?? range.from, parseDay(change.to) ?? range.to];
  if (from <= to) return { kind: 'custom', from, to };
  return change.from === undefined ? { kind: 'custom', from: to, to } : { kind: 'custom', from, to: from };
}
