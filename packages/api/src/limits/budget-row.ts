import * as z from 'zod';

import type { BudgetUse } from './budget-use.ts';
import { toBudgetUse } from './budget-use.ts';

/** A budget beside the allowance of whom it is for, as SQL answers them; whoever has used nothing has no allowance. */
export const budgetRowSchema = z.object({
  limit_micro_usd: z.number(),
  period: z.enum(['daily', 'weekly', 'monthly']),
  time_zone: z.string(),
  action: z.enum(['block', 'warn']),
  period_start: z.number().nullable(),
  spent_micro_usd: z.number().nullable(),
  reserved_micro_usd: z.number().nullable(),
});

export function readBudgetUse(row: z.infer<typeof budgetRowSchema>, nowMs: number): BudgetUse {
  const budget = {
    limitMicroUsd: row.limit_micro_usd,
    period: row.period,
    timeZone: row.time_zone,
    action: row.action,
  };
  const spending = {
    periodStartMs: row.period_start ?? 0,
    spentMicroUsd: row.spent_micro_usd ?? 0,
    reservedMicroUsd: row.reserved_micro_usd ?? 0,
  };
  return toBudgetUse(budget, spending, nowMs);
}
