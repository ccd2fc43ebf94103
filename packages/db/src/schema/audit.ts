import { index, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';

/**
 * Who did what to what. `details` holds ids and codes; never a key. Entries are chained: `hash` covers the entry and
 * the hash of the one before it. Entries from before the chain have none.
 */
export const auditEntries = sqliteTable(
  'audit_entries',
  {
    seq: integer('seq').primaryKey({ autoIncrement: true }),
    id: text('id').notNull().unique(),
    at: integer('at', { mode: 'timestamp_ms' }).notNull(),
    actorKind: text('actor_kind', {
      enum: ['user', 'operator', 'access_key', 'internal', 'anonymous', 'system'],
    }).notNull(),
    actorId: text('actor_id'),
    action: text('action').notNull(),
    target: text('target'),
    result: text('result', { enum: ['ok', 'denied', 'failed'] }).notNull(),
    requestId: text('request_id').notNull(),
    /** A /24 or a /48. */
    ipPrefix: text('ip_prefix'),
    details: text('details', { mode: 'json' }).$type<Readonly<Record<string, unknown>>>(),
    /** Hex of SHA-256. */
    hash: text('hash'),
  },
  (table) => [index('audit_entries_target_id').on(table.target, table.id)],
);

export type AuditEntryRow = typeof auditEntries.$inferSelect;
export type NewAuditEntryRow = typeof auditEntries.$inferInsert;
