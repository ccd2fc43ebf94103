import { ownerIdOf } from '../../auth/scopes.ts';
import type { Actor, ServiceContext } from '../../context.ts';
import type { BudgetUse } from '../../limits/budget-use.ts';
import { toBudgetUse } from '../../limits/budget-use.ts';
import type { Limits } from '../../limits/limits.ts';
import { LIMIT_NAMES, userBudgetOf, withOwnLimits } from '../../limits/limits.ts';
import { readStanding } from '../../limits/read-standing.ts';
import { closeOverdueIfPossible } from '../sessions/sweep.ts';

/** What a caller may, and what it has used up of that. */
export type OwnStanding = Limits & { openSessions: number; budget: BudgetUse | null };

/** An access key's are its own; anybody else's are those of a user. */
export async function readOwnLimits(ctx: ServiceContext, actor: Actor): Promise<OwnStanding> {
  await closeOverdueIfPossible(ctx);
  const isKey = actor.kind === 'access_key';
  const id = ownerIdOf(actor);
  const subjects = { userId: isKey ? null : id, accessKeyId: isKey ? id : null, address: null };
  const nowMs = ctx.clock.now();
  const { rules, allowances } = await readStanding(ctx.database, subjects, nowMs);
  const deployment = withOwnLimits(ctx.settings.limits, rules.settings.own);
  const own: Partial<Record<keyof Limits, number | null | undefined>> = isKey
    ? actor
    : (rules.user.policy ?? {});
  const limits: Limits = { ...deployment };
  for (const name of LIMIT_NAMES) limits[name] = own[name] ?? deployment[name];
  const allowance = allowances.find(({ kind }) => kind === (isKey ? 'access_key' : 'user'));
  const budget = isKey ? rules.accessKeyBudget : userBudgetOf(rules);
  const { mintsPerMinute, maxOpenSessions, maxTtlSeconds, maxSessionSeconds } = limits;
  return {
    mintsPerMinute,
    maxOpenSessions,
    maxTtlSeconds,
    maxSessionSeconds,
    openSessions: allowance?.openSessions ?? 0,
    budget: budget === null ? null : toBudgetUse(budget, allowance, nowMs),
  };
}
