import type { SqlRow } from '@ephemera/db';
import * as z from 'zod';

import { requireScope } from '../../auth/scopes.ts';
import type { ServiceContext } from '../../context.ts';
import { budgetRowSchema, readBudgetUse } from '../../limits/budget-row.ts';
import type { BudgetUse } from '../../limits/budget-use.ts';
import type { BudgetScope, DeploymentLimits } from '../../limits/limits.ts';
import { withOwnLimits } from '../../limits/limits.ts';
import { readStanding } from '../../limits/read-standing.ts';
import { closeOverdueIfPossible } from '../sessions/sweep.ts';

export type BudgetSummary = BudgetUse & {
  scope: BudgetScope;
  subject: string;
  /** How people call whose it is. */
  name: string | null;
  updatedAt: string;
  updatedBy: string;
};

/** `isOwn`: set by an operator, and not the level above. */
export type LimitValue = { value: number; isOwn: boolean };

export type BudgetList = {
  items: BudgetSummary[];
  limits: Record<keyof DeploymentLimits, LimitValue>;
};

const LIST_SQL = `select b.scope, b.subject, b.limit_micro_usd, b.period, b.time_zone, b.action, b.updated_at,
    coalesce(operator.name, b.updated_by) as updated_by,
    coalesce(access_key.name, a.name, account.name) as name,
    a.period_start, a.spent_micro_usd, a.reserved_micro_usd
  from budgets b
  left join allowances a on a.kind = b.scope and a.subject = b.subject
  left join users operator on operator.id = b.updated_by
  left join users account on b.scope = 'user' and account.id = b.subject
  left join access_keys access_key on b.scope = 'access_key' and access_key.id = b.subject
  order by case b.scope when 'project' then 0 when 'default_user' then 1 when 'access_key' then 2 else 3 end, b.subject
  limit 1000`;

const rowSchema = budgetRowSchema.extend({
  scope: z.enum(['project', 'default_user', 'user', 'access_key']),
  subject: z.string(),
  updated_at: z.number(),
  updated_by: z.string(),
  name: z.string().nullable(),
});

function toSummary(stored: SqlRow, nowMs: number): BudgetSummary {
  const row = rowSchema.parse(stored);
  return {
    scope: row.scope,
    subject: row.subject,
    name: row.name,
    ...readBudgetUse(row, nowMs),
    updatedAt: new Date(row.updated_at).toISOString(),
    updatedBy: row.updated_by,
  };
}

const NOBODY = { userId: null, accessKeyId: null, address: null };

async function listLimits(ctx: ServiceContext): Promise<BudgetList['limits']> {
  const { rules } = await readStanding(ctx.database, NOBODY, ctx.clock.now());
  const { own } = rules.settings;
  const effective = withOwnLimits(ctx.settings.limits, own);
  const toValue = (name: keyof DeploymentLimits): LimitValue => ({
    value: effective[name],
    isOwn: typeof own[name] === 'number',
  });
  return {
    mintsPerMinute: toValue('mintsPerMinute'),
    mintsPerMinutePerAddress: toValue('mintsPerMinutePerAddress'),
    maxOpenSessions: toValue('maxOpenSessions'),
    maxTtlSeconds: toValue('maxTtlSeconds'),
    maxSessionSeconds: toValue('maxSessionSeconds'),
  };
}

/** For verbs that have changed one: the list as it is now. */
export async function readBudgets(ctx: ServiceContext): Promise<BudgetList> {
  await closeOverdueIfPossible(ctx);
  const rows = await ctx.database.read(LIST_SQL);
  const nowMs = ctx.clock.now();
  return { items: rows.map((row) => toSummary(row, nowMs)), limits: await listLimits(ctx) };
}

/** All budgets with what is used up of them, and the limits of the deployment. */
export async function listBudgets(ctx: ServiceContext): Promise<BudgetList> {
  requireScope(ctx, 'budgets:read');
  return await readBudgets(ctx);
}
