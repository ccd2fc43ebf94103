import type { SqlRow } from '@ephemera/db';
import * as z from 'zod';

import type { ServiceContext } from '../../context.ts';
import { budgetRowSchema, readBudgetUse } from '../../limits/budget-row.ts';
import type { BudgetUse } from '../../limits/budget-use.ts';
import { PERIOD_SKEW_MS } from '../../limits/budget-use.ts';
import { periodOf } from '../../limits/period.ts';
import { takeBreath } from '../usage/take-breath.ts';

export type LowBudget = {
  scope: 'user' | 'access_key';
  subject: string;
  name: string | null;
  use: BudgetUse;
};

export const LOW_SHARE = 0.8;

const MAX_SHOWN = 10;
const MAX_LOOKED_AT = 200;
/** Users looked through at once, where one budget holds for all of them. */
const PAGE = 10_000;

const BUDGET = 'b.limit_micro_usd, b.period, b.time_zone, b.action';
const SPENDING = 'a.period_start, a.spent_micro_usd, a.reserved_micro_usd';

/** The longest that a period can be, in its zone: what began before then is over. Which one runs is told afterwards. */
const OWN_USED = `(iif(a.period_start >= ?1 - case b.period when 'daily' then 90000000 when 'weekly' then 608400000
    else 2682000000 end, a.spent_micro_usd, 0) + a.reserved_micro_usd) * 1.0 / b.limit_micro_usd`;
const OWN_SQL = `select b.scope, b.subject, coalesce(k.name, a.name, u.name) as name, ${BUDGET}, ${SPENDING}
  from budgets b cross join allowances a on a.kind = b.scope and a.subject = b.subject
  left join access_keys k on b.scope = 'access_key' and k.id = b.subject
  left join users u on b.scope = 'user' and u.id = b.subject
  where b.scope in ('user', 'access_key') and b.limit_micro_usd > 0 and ${OWN_USED} >= ${LOW_SHARE}
    and k.revoked_at is null and k.disabled_at is null and k.replaced_by is null
  order by ${OWN_USED} desc limit ${MAX_LOOKED_AT}`;

const DEFAULT_SQL = `select period, time_zone from budgets
  where scope = 'default_user' and subject = '' and limit_micro_usd > 0`;
const PAGE_END_SQL = `select subject from allowances where kind = 'user' and subject > ?1
  order by subject limit 1 offset ${PAGE - 1}`;
const USED = `iif(a.period_start between ?3 and ?4, a.spent_micro_usd, 0) + a.reserved_micro_usd`;
const USERS_SQL = `select 'user' as scope, a.subject, coalesce(a.name, u.name) as name, ${BUDGET}, ${SPENDING}
  from allowances a cross join budgets b on b.scope = 'default_user' and b.subject = ''
  left join users u on u.id = a.subject
  where a.kind = 'user' and a.subject > ?1 and (?2 is null or a.subject <= ?2)
    and ${USED} >= b.limit_micro_usd * ${LOW_SHARE}
    and not exists (select 1 from budgets own where own.scope = 'user' and own.subject = a.subject)
  order by ${USED} desc limit ${MAX_SHOWN}`;

const calendarSchema = budgetRowSchema.pick({ period: true, time_zone: true });
const rowSchema = budgetRowSchema.extend({
  scope: z.enum(['user', 'access_key']),
  subject: z.string(),
  name: z.string().nullable(),
});

function toLowBudget(stored: SqlRow, nowMs: number): LowBudget {
  const row = rowSchema.parse(stored);
  const { scope, subject, name } = row;
  return { scope, subject, name, use: readBudgetUse(row, nowMs) };
}

export function usedShareOf({ spentMicroUsd, reservedMicroUsd, limitMicroUsd }: BudgetUse): number {
  if (limitMicroUsd === 0) return 1;
  return (spentMicroUsd + reservedMicroUsd) / limitMicroUsd;
}

/** Users without a budget of their own are found page by page: their table is as long as there are users. */
async function listOfDefault(ctx: ServiceContext, nowMs: number): Promise<SqlRow[]> {
  const [stored] = await ctx.database.read(DEFAULT_SQL);
  if (stored === undefined) return [];
  const { period, time_zone: timeZone } = calendarSchema.parse(stored);
  const { startMs } = periodOf(period, timeZone, nowMs);
  const found: SqlRow[] = [];
  let after: string | null = '';
  while (after !== null) {
    const [last] = await ctx.database.read(PAGE_END_SQL, [after]);
    const end: string | null = last === undefined ? null : String(last['subject']);
    found.push(...(await ctx.database.read(USERS_SQL, [after, end, startMs, nowMs + PERIOD_SKEW_MS])));
    after = end;
    if (end !== null) await takeBreath();
  }
  return found;
}

/** Budgets of users and access keys of which hardly anything is left, the worst first. */
export async function listLowBudgets(ctx: ServiceContext): Promise<LowBudget[]> {
  const nowMs = ctx.clock.now();
  const rows = [...(await ctx.database.read(OWN_SQL, [nowMs])), ...(await listOfDefault(ctx, nowMs))];
  return rows
    .map((row) => toLowBudget(row, nowMs))
    .filter(({ use }) => usedShareOf(use) >= LOW_SHARE)
    .toSorted((a, b) => usedShareOf(b.use) - usedShareOf(a.use))
    .slice(0, MAX_SHOWN);
}
