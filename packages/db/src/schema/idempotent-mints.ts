import { index, integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core';

/**
 * Mints that were asked for with an `Idempotency-Key`, each user's by themselves. The answer holds a client secret, so
 * it is stored encrypted, and goes when the secret does.
 */
export const idempotentMints = sqliteTable(
  'idempotent_mints',
  {
    userId: text('user_id').notNull(),
    idempotencyKey: text('idempotency_key').notNull(),
    /** SHA-256 of what was asked, hex. */
    requestHash: text('request_hash').notNull(),
    /** Ours; also what the ciphertext is bound to. Null while the mint is under way. */
    sessionId: text('session_id'),
    /** Null while the mint is under way, and where no keyring is set. */
    ciphertext: text('ciphertext'),
    /** The end of the client secret, or of the wait for a mint whose process died. */
    expiresAt: integer('expires_at', { mode: 'timestamp_ms' }).notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.userId, table.idempotencyKey] }),
    index('idempotent_mints_expires_at').on(table.expiresAt),
  ],
);
