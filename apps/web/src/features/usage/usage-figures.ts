import type { MoneyFacts } from '../../i18n/money.ts';
import type { Metric, UsageGroup, UsageSums } from './usage-types.ts';

export const NO_SUMS: UsageSums = {
  sessions: 0,
  failed: 0,
  seconds: 0,
  inputTokens: 0,
  cachedTokens: 0,
  outputTokens: 0,
  knownMicroUsd: 0,
  estimatedMicroUsd: 0,
  unknownCosts: 0,
};

const KEYS = [
  'sessions',
  'failed',
  'seconds',
  'inputTokens',
  'cachedTokens',
  'outputTokens',
  'knownMicroUsd',
  'estimatedMicroUsd',
  'unknownCosts',
] as const satisfies readonly (keyof UsageSums)[];

export function addSums(rows: readonly UsageSums[]): UsageSums {
  const sums = { ...NO_SUMS };
  for (const row of rows) for (const key of KEYS) sums[key] += row[key];
  return sums;
}

/** Cached tokens are input tokens already: they are not counted again. */
const VALUES: Readonly<Record<Metric, (sums: UsageSums) => number>> = {
  cost: (sums) => sums.knownMicroUsd + sums.estimatedMicroUsd,
  sessions: (sums) => sums.sessions,
  minutes: (sums) => sums.seconds / 60,
  tokens: (sums) => sums.inputTokens + sums.outputTokens,
};

export function valueOf(sums: UsageSums, metric: Metric): number {
  return VALUES[metric](sums);
}

/** Nothing known of something that did cost is unknown, not zero. */
export function costOf(sums: UsageSums): MoneyFacts {
  const microUsd = valueOf(sums, 'cost');
  if (microUsd === 0 && sums.unknownCosts > 0) return { microUsd: null };
  return { microUsd, status: sums.estimatedMicroUsd > 0 ? 'estimated' : 'known' };
}

/** Of the cost that there is a number for; `null` where there is none. */
export function findEstimatedShare(sums: UsageSums): number | null {
  const cost = valueOf(sums, 'cost');
  return cost === 0 ? null : sums.estimatedMicroUsd / cost;
}

export type Change = { kind: 'none' } | { kind: 'new' } | { kind: 'ratio'; ratio: number };

/** How the period compares with the one before it. A cost that nobody knows compares with nothing. */
export function findChange(current: UsageSums, previous: UsageSums, metric: Metric): Change {
  const [now, before] = [valueOf(current, metric), valueOf(previous, metric)];
  if (before > 0) return { kind: 'ratio', ratio: (now - before) / before };
  return now === 0 || (metric === 'cost' && previous.unknownCosts > 0) ? { kind: 'none' } : { kind: 'new' };
}

export type ChartGroup = { id: string; label: string; values: readonly number[]; total: number };

/** Colours that an eye tells apart are few: the largest groups by themselves, all others together. */
const MOST_SHOWN = 5;

/** The parts of every bar, the largest first, `other` last. Who has nothing of the metric is no part. */
export function pickChartGroups(groups: readonly UsageGroup[], metric: Metric): ChartGroup[] {
  const all = groups.map(({ id, label, rows }) => {
    const values = rows.map((row) => valueOf(row, metric));
    return { id, label, values, total: values.reduce((sum, value) => sum + value, 0) };
  });
  const ranked = all
    .filter(({ id, total }) => id !== 'other' && total > 0)
    .toSorted((a, b) => b.total - a.total);
  const others = [...ranked.slice(MOST_SHOWN), ...all.filter(({ id, total }) => id === 'other' && total > 0)];
  const shown = ranked.slice(0, MOST_SHOWN);
  if (others.length === 0) return shown;
  const values = (others[0]?.values ?? []).map((_, index) =>
    others.reduce((sum, other) => sum + (other.values[index] ?? 0), 0),
  );
  return [
    ...shown,
    { id: 'other', label: 'other', values, total: values.reduce((sum, value) => sum + value, 0) },
  ];
}

type CostPart = Omit<ChartGroup, 'id'> & { id: 'known' | 'estimated' };

/** Without groups a bar of money tells how sure it is. Nothing estimated: nothing to tell apart. */
export function splitCost(groups: readonly UsageGroup[]): CostPart[] {
  const rows = groups[0]?.rows ?? [];
  const create = (id: CostPart['id'], read: (sums: UsageSums) => number): CostPart => {
    const values = rows.map((row) => read(row));
    return { id, label: id, values, total: values.reduce((sum, value) => sum + value, 0) };
  };
  const known = create('known', (sums) => sums.knownMicroUsd);
  const estimated = create('estimated', (sums) => sums.estimatedMicroUsd);
  return estimated.total === 0 ? [known] : [known, estimated];
}
