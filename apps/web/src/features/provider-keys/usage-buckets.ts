import type { UsageHour } from './key-types.ts';

export const USAGE_RANGES = [24, 168, 744] as const;
export type UsageRange = (typeof USAGE_RANGES)[number];

export type UsageBucket = { start: Date; uses: number; errors: number };

/** Hours in one bar: narrow enough to tell something, wide enough to be seen. */
const HOURS_PER_BAR: Readonly<Record<UsageRange, number>> = { 24: 1, 168: 6, 744: 24 };

const HOUR_MS = 3_600_000;

/** The beginning of the bar that an hour belongs to, by the reader's own calendar. */
function findBarStart(hour: Date, hoursPerBar: number): number {
  const start = new Date(hour);
  start.setMinutes(0, 0, 0);
  if (hoursPerBar > 1) start.setHours(Math.floor(start.getHours() / hoursPerBar) * hoursPerBar);
  return start.getTime();
}

/** Every bar of the range, the empty ones too, oldest first. */
export function createBuckets(hours: readonly UsageHour[], range: UsageRange, now: number): UsageBucket[] {
  const perBar = HOURS_PER_BAR[range];
  const bars = new Map<number, UsageBucket>();
  const barOf = (at: number): UsageBucket => {
    const start = findBarStart(new Date(at), perBar);
    const found = bars.get(start) ?? { start: new Date(start), uses: 0, errors: 0 };
    bars.set(start, found);
    return found;
  };
  for (let hour = range - 1; hour >= 0; hour -= 1) barOf(now - hour * HOUR_MS);
  const first = Math.min(...bars.keys());
  for (const { start, uses, errors } of hours) {
    const at = Date.parse(start);
    if (at + HOUR_MS <= first) continue;
    const bar = barOf(at);
    bar.uses += uses;
    bar.errors += errors;
  }
  return [...bars.values()].toSorted((a, b) => a.start.getTime() - b.start.getTime());
}

export function sumBuckets(buckets: readonly UsageBucket[]): { uses: number; errors: number } {
  return buckets.reduce((sum, bar) => ({ uses: sum.uses + bar.uses, errors: sum.errors + bar.errors }), {
    uses: 0,
    errors: 0,
  });
}
