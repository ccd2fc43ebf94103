import type { Budget } from './limits.ts';
import type { BudgetPeriod } from './period.ts';
import { periodOf } from './period.ts';

/** Money in micro-USD, times as ISO 8601. */
export type BudgetUse = {
  limitMicroUsd: number;
  spentMicroUsd: number;
  reservedMicroUsd: number;
  leftMicroUsd: number;
  period: BudgetPeriod;
  timeZone: string;
  action: Budget['action'];
  periodStart: string;
  resetsAt: string;
};

export type Spending = { periodStartMs: number; spentMicroUsd: number; reservedMicroUsd: number };

/** How far the clock of another process may be ahead of ours: its next period then counts as ours. */
export const PERIOD_SKEW_MS = 86_400_000;

/** What was spent in the running period; what stands there of an earlier one is over. */
export function spentSince(spending: Spending | undefined, startMs: number, nowMs: number): number {
  if (spending === undefined) return 0;
  const isRunning = spending.periodStartMs >= startMs && spending.periodStartMs <= nowMs + PERIOD_SKEW_MS;
  return isRunning ? spending.spentMicroUsd : 0;
}

/** What of a budget decides about its use. */
type Terms = Pick<Budget, 'limitMicroUsd' | 'period' | 'timeZone' | 'action'>;

export function toBudgetUse(budget: Terms, spending: Spending | undefined, nowMs: number): BudgetUse {
  const { limitMicroUsd, period, timeZone, action } = budget;
  const { startMs, endMs } = periodOf(period, timeZone, nowMs);
  const spentMicroUsd = spentSince(spending, startMs, nowMs);
  const reservedMicroUsd = spending?.reservedMicroUsd ?? 0;
  return {
    limitMicroUsd,
    spentMicroUsd,
    reservedMicroUsd,
    leftMicroUsd: Math.max(0, limitMicroUsd - spentMicroUsd - reservedMicroUsd),
    period,
    timeZone,
    action,
    periodStart: new Date(startMs).toISOString(),
    resetsAt: new Date(endMs).toISOString(),
  };
}
