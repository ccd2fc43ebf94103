import type { Database } from '@ephemera/db';
import * as z from 'zod';

import type { AllowanceKind, Rules } from './limits.ts';
import { LIMITS_SETTING } from './limits.ts';
import type { RuleSubjects } from './rules-book.ts';

/** What one subject has used up by now. */
export type Allowance = {
  kind: AllowanceKind;
  windowStartMs: number;
  windowCount: number;
  openSessions: number;
  periodStartMs: number;
  spentMicroUsd: number;
  reservedMicroUsd: number;
};

/** The rules as they stand in the database, and what has been used up of them. */
export type Standing = {
  rules: Rules;
  allowances: readonly Allowance[];
  /** Sessions that are over and have given nothing back yet. */
  hasOverdue: boolean;
};

export type StandingSubjects = RuleSubjects & { address: string | null };

/** One row, so one round trip. `?1` user, `?2` access key, `?3` address, `?4` now. */
const STANDING_SQL = `select
  (select json_object('own', json(value), 'version', updated_at) from settings
    where name = '${LIMITS_SETTING}') as settings,
  (select json_group_array(json_object('scope', scope, 'subject', subject, 'limitMicroUsd', limit_micro_usd,
      'period', period, 'timeZone', time_zone, 'action', action, 'version', updated_at))
    from budgets where (scope, subject) in
      (values ('project', ''), ('default_user', ''), ('user', ?1), ('access_key', ?2))) as budgets,
  (select json_object('mintsPerMinute', mints_per_minute, 'maxOpenSessions', max_open_sessions,
      'maxTtlSeconds', max_ttl_seconds, 'maxSessionSeconds', max_session_seconds,
      'allowedModels', json(allowed_models), 'blockedAtMs', blocked_at, 'version', updated_at)
    from user_policies where user_id = ?1) as policy,
  (select json_group_array(json_object('kind', kind, 'windowStartMs', window_start, 'windowCount', window_count,
      'openSessions', open_sessions, 'periodStartMs', period_start, 'spentMicroUsd', spent_micro_usd,
      'reservedMicroUsd', reserved_micro_usd))
    from allowances where (kind, subject) in
      (values ('project', ''), ('user', ?1), ('access_key', ?2), ('address', ?3))) as allowances,
  exists (select 1 from sessions where deadline_at <= ?4) as has_overdue`;

const limit = z.number().nullish();
const ownLimitsSchema = z.object({
  mintsPerMinute: limit,
  maxOpenSessions: limit,
  maxTtlSeconds: limit,
  maxSessionSeconds: limit,
  mintsPerMinutePerAddress: limit,
});
const budgetSchema = z.object({
  scope: z.enum(['project', 'default_user', 'user', 'access_key']),
  subject: z.string(),
  limitMicroUsd: z.number(),
  period: z.enum(['daily', 'weekly', 'monthly']),
  timeZone: z.string(),
  action: z.enum(['block', 'warn']),
  version: z.number(),
});
const policySchema = ownLimitsSchema.omit({ mintsPerMinutePerAddress: true }).extend({
  allowedModels: z.array(z.string()).nullable(),
  blockedAtMs: z.number().nullable(),
  version: z.number(),
});
const allowanceSchema = z.object({
  kind: z.enum(['project', 'user', 'access_key', 'address']),
  windowStartMs: z.number(),
  windowCount: z.number(),
  openSessions: z.number(),
  periodStartMs: z.number(),
  spentMicroUsd: z.number(),
  reservedMicroUsd: z.number(),
});
const settingsSchema = z.object({ own: ownLimitsSchema, version: z.number() });
const json = z.string().transform((text): unknown => JSON.parse(text));
const rowSchema = z.object({
  settings: json.pipe(settingsSchema).nullable(),
  budgets: json.pipe(z.array(budgetSchema)),
  policy: json.pipe(policySchema).nullable(),
  allowances: json.pipe(z.array(allowanceSchema)),
  has_overdue: z.number(),
});

/** Everything that decides about a mint of these subjects, in one read. */
export async function readStanding(
  database: Pick<Database, 'read'>,
  { userId, accessKeyId, address }: StandingSubjects,
  nowMs: number,
): Promise<Standing> {
  const [row] = await database.read(STANDING_SQL, [userId, accessKeyId, address, nowMs]);
  const { settings, budgets, policy, allowances, has_overdue } = rowSchema.parse(row);
  const findBudget = (scope: string) => budgets.find((budget) => budget.scope === scope) ?? null;
  return {
    rules: {
      settings: settings ?? { own: {}, version: 0 },
      project: findBudget('project'),
      defaultUser: findBudget('default_user'),
      user: { policy, budget: findBudget('user') },
      accessKeyBudget: findBudget('access_key'),
    },
    allowances,
    hasOverdue: has_overdue === 1,
  };
}
