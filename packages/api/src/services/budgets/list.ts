import type { SqlRow } from '@ephemera/db';
import * as z from 'zod';

import { requireScope } from '../../auth/scopes.ts';
import type { ServiceContext } from '../../context.ts';
import type { BudgetUse } from '../../limits/budget-use.ts';
import { toBudgetUse } from '../../limits/budget-use.ts';
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

const rowSchema = z.object({
  scope: z.enum(['project', 'default_user', 'user', 'access_key']),
  subject: z.string(),
  limit_micro_usd: z.number(),
  period: z.enum(['daily', 'weekly', 'monthly']),
  time_zone: z.string(),
  action: z.enum(['block', 'warn']),
  updated_at: z.number(),
  updated_by: z.string(),
  name: z.string().nullable(),
  period_start: z.number().nullable(),
  spent_micro_usd: z.number().nullable(),
  reserved_micro_usd: z.number().nullable(),
});

function toSummary(stored: SqlRow, nowMs: number): BudgetSummary {
  const row = rowSchema.parse(stored);
  const { scope, subject, name } = row;
  const budget = {
    scope,
    subject,
    limitMicroUsd: row.limit_micro_usd,
    period: row.period,
    timeZone: row.time_zone,
    action: row.action,
    version: row.updated_at,
  };
  const spending = {
    periodStartMs: row.period_start ?? 0,
    spentMicroUsd: row.spent_micro_usd ?? 0,
    reservedMicroUsd: row.reserved_micro_usd ?? 0,
  };
  return {
    scope,
    subject,
    name,
    ...toBudgetUse(budget, spending, nowMs),
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
