import { integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core';

/**
 * What one subject has used up: the mints of this minute, the sessions that are open, the money of this period. A mint
 * takes from all rows that apply in one transaction or from none; a trigger on `sessions` gives back what ends.
 */
export const allowances = sqliteTable(
  'allowances',
  {
    kind: text('kind', { enum: ['project', 'user', 'access_key', 'address'] }).notNull(),
    /** A user's id, a key's id, a network; empty for the project. */
    subject: text('subject').notNull(),
    name: text('name'),
    windowStart: integer('window_start', { mode: 'timestamp_ms' }).notNull(),
    windowCount: integer('window_count').notNull(),
    openSessions: integer('open_sessions').notNull().default(0),
    /** Begin of the budget's period that `spent` belongs to. */
    periodStart: integer('period_start', { mode: 'timestamp_ms' }).notNull(),
    spentMicroUsd: integer('spent_micro_usd').notNull().default(0),
    /** The worst case of the open sessions. */
    reservedMicroUsd: integer('reserved_micro_usd').notNull().default(0),
    /** Ever issued. */
    sessionCount: integer('session_count').notNull().default(0),
    firstSeenAt: integer('first_seen_at', { mode: 'timestamp_ms' }).notNull(),
    lastSeenAt: integer('last_seen_at', { mode: 'timestamp_ms' }).notNull(),
  },
  (table) => [primaryKey({ columns: [table.kind, table.subject] })],
);

/** Money over a period. `default_user` holds for every user without a budget of their own. */
export const budgets = sqliteTable(
  'budgets',
  {
    scope: text('scope', { enum: ['project', 'default_user', 'user', 'access_key'] }).notNull(),
    /** Empty for `project` and `default_user`. */
    subject: text('subject').notNull(),
    limitMicroUsd: integer('limit_micro_usd').notNull(),
    period: text('period', { enum: ['daily', 'weekly', 'monthly'] }).notNull(),
    /** IANA name. */
    timeZone: text('time_zone').notNull(),
    /** `warn` lets through and says so. */
    action: text('action', { enum: ['block', 'warn'] })
      .notNull()
      .default('block'),
    updatedAt: integer('updated_at', { mode: 'timestamp_ms' }).notNull(),
    updatedBy: text('updated_by').notNull(),
  },
  (table) => [primaryKey({ columns: [table.scope, table.subject] })],
);

/** What an operator has set for one user; null: the deployment's own. */
export const userPolicies = sqliteTable('user_policies', {
  userId: text('user_id').primaryKey(),
  mintsPerMinute: integer('mints_per_minute'),
  maxOpenSessions: integer('max_open_sessions'),
  maxTtlSeconds: integer('max_ttl_seconds'),
  maxSessionSeconds: integer('max_session_seconds'),
  allowedModels: text('allowed_models', { mode: 'json' }).$type<readonly string[]>(),
  blockedAt: integer('blocked_at', { mode: 'timestamp_ms' }),
  blockedReason: text('blocked_reason'),
  updatedAt: integer('updated_at', { mode: 'timestamp_ms' }).notNull(),
  updatedBy: text('updated_by').notNull(),
});

export type AllowanceRow = typeof allowances.$inferSelect;
export type BudgetRow = typeof budgets.$inferSelect;
export type UserPolicyRow = typeof userPolicies.$inferSelect;
