import { requireScope } from '../../auth/scopes.ts';
import type { ServiceContext } from '../../context.ts';
import { AppError } from '../../errors.ts';
import { isTimeZone } from '../../limits/period.ts';
import { bucketIndex, listBuckets, MAX_BUCKETS } from './buckets.ts';
import type { Buckets, Interval } from './buckets.ts';
import { findLabels } from './group-labels.ts';
import { readHours, sumHours } from './read-hours.ts';
import type { UsageGroup } from './read-hours.ts';
import { addSums, NO_SUMS } from './sums.ts';
import type { UsageSums } from './sums.ts';

export type UsageSeriesInput = {
  /** ISO times; the series covers the whole buckets that they touch. */
  from: string;
  to: string;
  interval: Interval;
  timeZone: string;
  groupBy: UsageGroup;
};

export type UsageSeriesGroup = {
  /** `all` where nothing was grouped, `none` for what has no model or key, `other` for the small ones together. */
  id: string;
  label: string;
  rows: UsageSums[];
};

export type UsageSeries = {
  buckets: string[];
  groups: UsageSeriesGroup[];
  totals: UsageSums;
  /** The time before, as long as this one. */
  previous: UsageSums;
  asOf: string;
};

const MAX_GROUPS = 12;

/** `byBucket` holds only the buckets in which something was: there may be many groups. */
type Group = { id: string; total: UsageSums; byBucket: Map<number, UsageSums> };

function readBuckets({ from, to, interval, timeZone }: UsageSeriesInput): Buckets {
  if (!isTimeZone(timeZone)) {
    throw new AppError('invalid_request', 'This is no time zone.', { details: { param: 'timeZone' } });
  }
  const [fromMs, toMs] = [Date.parse(from), Date.parse(to)];
  if (toMs <= fromMs) {
    throw new AppError('invalid_request', 'The end is not after the beginning.', {
      details: { param: 'to' },
    });
  }
  const buckets = listBuckets({ fromMs, toMs, interval, timeZone });
  if (buckets !== null) return buckets;
  throw new AppError(
    'invalid_request',
    `That is more than ${MAX_BUCKETS} points. Ask for longer intervals.`,
    {
      details: { param: 'interval' },
    },
  );
}

function toRows(starts: readonly number[], { byBucket }: Pick<Group, 'byBucket'>): UsageSums[] {
  return starts.map((_, index) => byBucket.get(index) ?? NO_SUMS);
}

function addTo(byBucket: Map<number, UsageSums>, index: number, sums: UsageSums): void {
  byBucket.set(index, addSums(byBucket.get(index) ?? NO_SUMS, sums));
}

async function foldGroups(ctx: ServiceContext, groupBy: UsageGroup, buckets: Buckets): Promise<Group[]> {
  const { starts, endMs } = buckets;
  const groups = new Map<string, Group>();
  for await (const { hourStartMs, group, sums } of readHours(ctx, {
    fromMs: starts[0] ?? endMs,
    toMs: endMs,
    groupBy,
  })) {
    const known = groups.get(group) ?? { id: group, total: NO_SUMS, byBucket: new Map() };
    addTo(known.byBucket, bucketIndex(starts, hourStartMs), sums);
    known.total = addSums(known.total, sums);
    groups.set(group, known);
  }
  return [...groups.values()];
}

/** By cost, then by sessions; the id last, so that the order is the same every time. */
function compareGroups(a: Group, b: Group): number {
  const cost = ({ total }: Group): number => total.knownMicroUsd + total.estimatedMicroUsd;
  return cost(b) - cost(a) || b.total.sessions - a.total.sessions || (a.id < b.id ? -1 : 1);
}

function combine(groups: readonly Group[]): Pick<Group, 'byBucket'> {
  const byBucket = new Map<number, UsageSums>();
  for (const group of groups) for (const [index, sums] of group.byBucket) addTo(byBucket, index, sums);
  return { byBucket };
}

async function labelGroups(
  ctx: ServiceContext,
  groupBy: UsageGroup,
  groups: readonly Group[],
): Promise<{ id: string; label: string; group: Group }[]> {
  const ids = groups.map(({ id }) => id);
  const labels = await findLabels(ctx, groupBy, ids);
  const nameless = groupBy === 'none' ? 'all' : 'none';
  return groups.map((group) => ({
    id: group.id === '' ? nameless : group.id,
    label: group.id === '' ? nameless : (labels.get(group.id) ?? group.id),
    group,
  }));
}

/**
 * What sessions used and cost by hour, day or month of any zone, under the hour in which they began. The largest groups
 * by themselves, all others together. A session counts from its end on.
 */
export async function getUsageSeries(ctx: ServiceContext, input: UsageSeriesInput): Promise<UsageSeries> {
  requireScope(ctx, 'usage:read');
  const buckets = readBuckets(input);
  const { starts, endMs } = buckets;
  const startMs = starts[0] ?? endMs;
  const all = (await foldGroups(ctx, input.groupBy, buckets)).toSorted(compareGroups);
  const labelled = await labelGroups(ctx, input.groupBy, all.slice(0, MAX_GROUPS));
  const groups = labelled.map(({ id, label, group }) => ({ id, label, rows: toRows(starts, group) }));
  const rest = all.slice(MAX_GROUPS);
  if (rest.length > 0) groups.push({ id: 'other', label: 'other', rows: toRows(starts, combine(rest)) });
  return {
    buckets: starts.map((atMs) => new Date(atMs).toISOString()),
    groups,
    totals: all.reduce<UsageSums>((sum, { total }) => addSums(sum, total), NO_SUMS),
    previous: await sumHours(ctx, { fromMs: startMs - (endMs - startMs), toMs: startMs }),
    asOf: new Date(ctx.clock.now()).toISOString(),
  };
}
