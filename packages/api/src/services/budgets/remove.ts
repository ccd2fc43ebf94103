import { auditStatement } from '../../audit/record.ts';
import { requireScope } from '../../auth/scopes.ts';
import type { ServiceContext } from '../../context.ts';
import { AppError } from '../../errors.ts';
import type { Budget } from '../../limits/limits.ts';
import { readStanding } from '../../limits/read-standing.ts';
import { recomputeSpending } from '../../limits/recompute-spending.ts';
import type { BudgetList } from './list.ts';
import { readBudgets } from './list.ts';
import { nameBudget } from './subjects.ts';

const REMOVE_SQL = 'delete from budgets where scope = ?1 and subject = ?2';
const NOBODY = { userId: null, accessKeyId: null, address: null };

/** Takes a budget away; a user then has the one of all users, if there is one. Throws `not_found`. */
export async function removeBudget(
  ctx: ServiceContext,
  input: Pick<Budget, 'scope' | 'subject'>,
): Promise<BudgetList> {
  requireScope(ctx, 'budgets:write');
  const nowMs = ctx.clock.now();
  const { rules } = await readStanding(ctx.database, NOBODY, nowMs);
  const calendar = input.scope === 'user' ? rules.defaultUser : null;
  const [removed] = await ctx.database.writeAll([
    { sql: REMOVE_SQL, args: [input.scope, input.subject] },
    auditStatement(ctx, {
      action: 'budget.remove',
      target: nameBudget(input),
      result: 'ok',
      isConditional: true,
    }),
    recomputeSpending(input, calendar, nowMs),
  ]);
  ctx.rules.forget();
  if (removed?.rowsAffected !== 1) throw new AppError('not_found', 'There is no such budget.');
  return await readBudgets(ctx);
}
