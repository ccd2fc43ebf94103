import { index, integer, primaryKey, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core';

/**
 * A long-lived secret of ours at a provider. What is stored is ciphertext, and nothing at all for a key of the
 * environment. Times decide with `state`: a row is judged at the moment it is read, so nothing has to sweep.
 */
export const providerKeys = sqliteTable(
  'provider_keys',
  {
    id: text('id').primaryKey(),
    provider: text('provider').notNull(),
    name: text('name').notNull(),
    source: text('source', { enum: ['stored', 'environment'] }).notNull(),
    /** The provider's project or organisation: keys that share it share their 429s. */
    limitDomain: text('limit_domain'),
    lastFour: text('last_four').notNull(),
    /** HMAC of the secret, hex: finds a key that is in the pool already. */
    fingerprint: text('fingerprint').notNull(),
    ciphertext: text('ciphertext'),
    kekVersion: integer('kek_version'),
    weight: integer('weight').notNull().default(1),
    state: text('state', {
      enum: ['active', 'cooling_down', 'exhausted', 'quarantined', 'disabled', 'draining'],
    }).notNull(),
    stateReason: text('state_reason'),
    stateSince: integer('state_since', { mode: 'timestamp_ms' }).notNull(),
    stateUntil: integer('state_until', { mode: 'timestamp_ms' }),
    /** Lease of the one half-open probe. */
    probeUntil: integer('probe_until', { mode: 'timestamp_ms' }),
    /** End of a rotation's overlap: from then on the key is draining. */
    drainAt: integer('drain_at', { mode: 'timestamp_ms' }),
    /** The key that this one rotates out. */
    replaces: text('replaces'),
    usageCount: integer('usage_count').notNull().default(0),
    errorCount: integer('error_count').notNull().default(0),
    lastUsedAt: integer('last_used_at', { mode: 'timestamp_ms' }),
    /** When the use happened that is being counted: setting it moves the difference of the counts into its hour. */
    countedAt: integer('counted_at', { mode: 'timestamp_ms' }),
    /** Masked, at most 500 characters. */
    lastError: text('last_error'),
    lastErrorAt: integer('last_error_at', { mode: 'timestamp_ms' }),
    createdAt: integer('created_at', { mode: 'timestamp_ms' }).notNull(),
    createdBy: text('created_by').notNull(),
  },
  (table) => [uniqueIndex('provider_keys_provider_fingerprint').on(table.provider, table.fingerprint)],
);

/** Written by a trigger alone, and removed with its key. */
export const providerKeyHours = sqliteTable(
  'provider_key_hours',
  {
    keyId: text('key_id').notNull(),
    hourStart: integer('hour_start', { mode: 'timestamp_ms' }).notNull(),
    uses: integer('uses').notNull(),
    errors: integer('errors').notNull(),
  },
  (table) => [primaryKey({ columns: [table.keyId, table.hourStart] })],
);

/**
 * One row, one counted use: a trigger counts it. `insert … on conflict do nothing` therefore counts a retried report
 * once, in one statement. Not `insert or ignore`: that would reach into the trigger and swallow its upsert.
 */
export const providerKeyReports = sqliteTable(
  'provider_key_reports',
  {
    caller: text('caller').notNull(),
    idempotencyKey: text('idempotency_key').notNull(),
    keyId: text('key_id').notNull(),
    ok: integer('ok', { mode: 'boolean' }).notNull(),
    error: text('error'),
    at: integer('at', { mode: 'timestamp_ms' }).notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.caller, table.idempotencyKey] }),
    index('provider_key_reports_at').on(table.at),
  ],
);

export type ProviderKeyRow = typeof providerKeys.$inferSelect;
export type NewProviderKeyRow = typeof providerKeys.$inferInsert;
export type ProviderKeyState = ProviderKeyRow['state'];
