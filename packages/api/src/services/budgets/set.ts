import { auditStatement } from '../../audit/record.ts';
import { requireScope } from '../../auth/scopes.ts';
import type { ServiceContext } from '../../context.ts';
import { AppError } from '../../errors.ts';
import type { Budget } from '../../limits/limits.ts';
import { isTimeZone } from '../../limits/period.ts';
import { recomputeSpending } from '../../limits/recompute-spending.ts';
import type { BudgetList } from './list.ts';
import { readBudgets } from './list.ts';
import { nameBudget, requireSubject } from './subjects.ts';

export type SetBudgetInput = Omit<Budget, 'version'>;

/** Each change makes `updated_at` another one: it tells one state of the row from another. */
const SET_SQL = `insert into budgets (scope, subject, limit_micro_usd, period, time_zone, action, updated_at, updated_by)
  values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
  on conflict (scope, subject) do update set limit_micro_usd = excluded.limit_micro_usd, period = excluded.period,
    time_zone = excluded.time_zone, action = excluded.action, updated_by = excluded.updated_by,
    updated_at = max(excluded.updated_at, updated_at + 1)`;

/** Sets or replaces a budget. What was spent in its running period is added up anew in the same transaction. */
export async function setBudget(ctx: ServiceContext, input: SetBudgetInput): Promise<BudgetList> {
  const actor = requireScope(ctx, 'budgets:write');
  const { scope, subject, limitMicroUsd, period, timeZone, action } = input;
  if (!isTimeZone(timeZone)) {
    throw new AppError('invalid_request', 'This time zone is not known here.', {
      details: { param: 'timeZone' },
    });
  }
  await requireSubject(ctx, input);
  const nowMs = ctx.clock.now();
  const updatedBy = 'id' in actor ? actor.id : actor.kind;
  await ctx.database.writeAll([
    { sql: SET_SQL, args: [scope, subject, limitMicroUsd, period, timeZone, action, nowMs, updatedBy] },
    recomputeSpending(input, input, nowMs),
    auditStatement(ctx, {
      action: 'budget.set',
      target: nameBudget(input),
      result: 'ok',
      details: { limitMicroUsd, period, timeZone, action },
    }),
  ]);
  ctx.rules.forget();
  return await readBudgets(ctx);
}
