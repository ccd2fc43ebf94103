import { addDays, dayOf, startOfDay } from '../../i18n/calendar-day.ts';
import type { UsageInput } from './usage-types.ts';
import { daysOf } from './usage-view.ts';
import type { UsageView } from './usage-view.ts';

const HOUR_MS = 3_600_000;

function findSpan({ range, zone }: UsageView, nowMs: number): { from: Date; to: Date } {
  if (range.kind === 'custom') {
    return { from: startOfDay(range.from, zone), to: startOfDay(addDays(range.to, 1), zone) };
  }
  // To the end of the hour: the same question all that time, whose answer is only refreshed.
  const to = new Date((Math.floor(nowMs / HOUR_MS) + 1) * HOUR_MS);
  if (range.kind === '24h') return { from: new Date(to.getTime() - 24 * HOUR_MS), to };
  return { from: startOfDay(addDays(dayOf(new Date(nowMs), zone), 1 - daysOf(range)), zone), to };
}

/** What is asked of the server for a view. */
export function createUsageInput(view: UsageView, facts: { nowMs: number; timeZone: string }): UsageInput {
  const { from, to } = findSpan(view, facts.nowMs);
  return {
    from: from.toISOString(),
    to: to.toISOString(),
    interval: view.interval,
    timeZone: view.zone === 'utc' ? 'UTC' : facts.timeZone,
    groupBy: view.group,
  };
}

/** Whether the last bar still grows, so that a comparison with the time before is not a fair one yet. */
export function isRunning(input: UsageInput, nowMs: number): boolean {
  return Date.parse(input.to) > nowMs;
}
