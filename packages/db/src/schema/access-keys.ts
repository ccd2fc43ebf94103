import { index, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';

/** Long-lived secrets of our callers. The secret itself is shown once and kept nowhere: `hash` is an HMAC of it. */
export const accessKeys = sqliteTable(
  'access_keys',
  {
    id: text('id').primaryKey(),
    name: text('name').notNull(),
    environment: text('environment', { enum: ['live', 'test'] }).notNull(),
    hash: text('hash').notNull().unique(),
    lastFour: text('last_four').notNull(),
    scopes: text('scopes', { mode: 'json' }).$type<readonly string[]>().notNull(),
    /** Null: every model, from every origin. */
    allowedModels: text('allowed_models', { mode: 'json' }).$type<readonly string[]>(),
    allowedOrigins: text('allowed_origins', { mode: 'json' }).$type<readonly string[]>(),
    /** Null: the deployment's own. */
    mintsPerMinute: integer('mints_per_minute'),
    maxOpenSessions: integer('max_open_sessions'),
    maxTtlSeconds: integer('max_ttl_seconds'),
    maxSessionSeconds: integer('max_session_seconds'),
    createdAt: integer('created_at', { mode: 'timestamp_ms' }).notNull(),
    createdBy: text('created_by').notNull(),
    expiresAt: integer('expires_at', { mode: 'timestamp_ms' }),
    disabledAt: integer('disabled_at', { mode: 'timestamp_ms' }),
    revokedAt: integer('revoked_at', { mode: 'timestamp_ms' }),
    /** The key that takes its place, and until when this one is still accepted. */
    replacedBy: text('replaced_by'),
    graceUntil: integer('grace_until', { mode: 'timestamp_ms' }),
    lastUsedAt: integer('last_used_at', { mode: 'timestamp_ms' }),
    lastUsedPrefix: text('last_used_prefix'),
  },
  (table) => [index('access_keys_replaced_by').on(table.replacedBy)],
);

export type AccessKeyRow = typeof accessKeys.$inferSelect;
