import { auditStatement } from '../../audit/record.ts';
import { requireScope } from '../../auth/scopes.ts';
import type { ServiceContext } from '../../context.ts';
import type { OwnLimits } from '../../limits/limits.ts';
import { DEPLOYMENT_LIMIT_NAMES, LIMITS_SETTING } from '../../limits/limits.ts';
import type { BudgetList } from './list.ts';
import { readBudgets } from './list.ts';

/** A patch: null takes the member away, and what is left out stays. */
const SET_SQL = `insert into settings (name, value, updated_at, updated_by)
  values ('${LIMITS_SETTING}', json_patch('{}', ?1), ?2, ?3)
  on conflict (name) do update set value = json_patch(value, ?1), updated_by = excluded.updated_by,
    updated_at = max(excluded.updated_at, updated_at + 1)`;

/** Sets what holds for everybody without limits of their own; null: the environment's. */
export async function setDeploymentLimits(ctx: ServiceContext, input: OwnLimits): Promise<BudgetList> {
  const actor = requireScope(ctx, 'budgets:write');
  const given = DEPLOYMENT_LIMIT_NAMES.filter((name) => input[name] !== undefined);
  const patch = Object.fromEntries(given.map((name) => [name, input[name]]));
  await ctx.database.writeAll([
    {
      sql: SET_SQL,
      args: [JSON.stringify(patch), ctx.clock.now(), 'id' in actor ? actor.id : actor.kind],
    },
    auditStatement(ctx, { action: 'limits.set', target: LIMITS_SETTING, result: 'ok', details: patch }),
  ]);
  ctx.rules.forget();
  return await readBudgets(ctx);
}
