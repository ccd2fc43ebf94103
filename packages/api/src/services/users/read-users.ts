import type { SqlRow, SqlValue } from '@ephemera/db';
import * as z from 'zod';

import type { ServiceContext } from '../../context.ts';
import { spentSince, toBudgetUse } from '../../limits/budget-use.ts';
import type { BudgetUse } from '../../limits/budget-use.ts';
import type { Budget } from '../../limits/limits.ts';
import { DEFAULT_PERIOD } from '../../limits/limits.ts';
import { runningPeriod } from '../../limits/period.ts';

/** Somebody who has minted here, whoever vouched for them. */
export type UserSummary = {
  id: string;
  name: string | null;
  /** Ever admitted. */
  sessionCount: number;
  openSessions: number;
  /** In the running period of the budget that applies, or in this month (UTC). */
  spentMicroUsd: number;
  reservedMicroUsd: number;
  firstSeenAt: string;
  lastSeenAt: string;
  isBlocked: boolean;
  hasOwnLimits: boolean;
  /** Their own, or the one of all users. */
  budget: BudgetUse | null;
};

const SELECT_SQL = `select a.subject as id, a.name, a.session_count, a.open_sessions, a.period_start, a.spent_micro_usd,
    a.reserved_micro_usd, a.first_seen_at, a.last_seen_at, p.blocked_at is not null as is_blocked,
    coalesce(p.mints_per_minute, p.max_open_sessions, p.max_ttl_seconds, p.max_session_seconds,
      p.allowed_models) is not null as has_own_limits,
    b.scope, b.subject, b.limit_micro_usd, b.period, b.time_zone, b.action, b.updated_at
  from allowances a
  left join user_policies p on p.user_id = a.subject
  left join budgets b on (b.scope, b.subject) = (
    select scope, subject from budgets where (scope, subject) in (values ('user', a.subject), ('default_user', ''))
    order by scope desc limit 1)
  where a.kind = 'user'`;

const rowSchema = z.object({
  id: z.string(),
  name: z.string().nullable(),
  session_count: z.number(),
  open_sessions: z.number(),
  period_start: z.number(),
  spent_micro_usd: z.number(),
  reserved_micro_usd: z.number(),
  first_seen_at: z.number(),
  last_seen_at: z.number(),
  is_blocked: z.number(),
  has_own_limits: z.number(),
  scope: z.enum(['default_user', 'user']).nullable(),
  subject: z.string().nullable(),
  limit_micro_usd: z.number().nullable(),
  period: z.enum(['daily', 'weekly', 'monthly']).nullable(),
  time_zone: z.string().nullable(),
  action: z.enum(['block', 'warn']).nullable(),
  updated_at: z.number().nullable(),
});

type Row = z.infer<typeof rowSchema>;

function toBudget(row: Row): Budget | null {
  const { scope, subject, limit_micro_usd, period, time_zone, action, updated_at } = row;
  if (scope === null || subject === null || limit_micro_usd === null || period === null) return null;
  return {
    scope,
    subject,
    limitMicroUsd: limit_micro_usd,
    period,
    timeZone: time_zone ?? DEFAULT_PERIOD.timeZone,
    action: action ?? 'block',
    version: updated_at ?? 0,
  };
}

function toSummary(stored: SqlRow, nowMs: number): UserSummary {
  const row = rowSchema.parse(stored);
  const budget = toBudget(row);
  const spending = {
    periodStartMs: row.period_start,
    spentMicroUsd: row.spent_micro_usd,
    reservedMicroUsd: row.reserved_micro_usd,
  };
  const { period, timeZone } = budget ?? DEFAULT_PERIOD;
  return {
    id: row.id,
    name: row.name,
    sessionCount: row.session_count,
    openSessions: row.open_sessions,
    spentMicroUsd: spentSince(spending, runningPeriod(period, timeZone, nowMs).startMs, nowMs),
    reservedMicroUsd: row.reserved_micro_usd,
    firstSeenAt: new Date(row.first_seen_at).toISOString(),
    lastSeenAt: new Date(row.last_seen_at).toISOString(),
    isBlocked: row.is_blocked === 1,
    hasOwnLimits: row.has_own_limits === 1,
    budget: budget === null ? null : toBudgetUse(budget, spending, nowMs),
  };
}

/** Users by a condition of ours on `a` (allowances) and `p` (user_policies). */
export async function readUsers(
  { database, clock }: Pick<ServiceContext, 'database' | 'clock'>,
  condition: string,
  args: readonly SqlValue[],
): Promise<UserSummary[]> {
  const rows = await database.read(`${SELECT_SQL} and ${condition}`, args);
  const nowMs = clock.now();
  return rows.map((row) => toSummary(row, nowMs));
}
