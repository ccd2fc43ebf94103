import { sql } from 'drizzle-orm';
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
      enum: ['user', 'operator', 'access_key', 'internal', 'node', 'anonymous', 'system'],
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
  (table) => [
    index('audit_entries_target_id').on(table.target, table.id),
    // Each ends in `seq`, as every index does: what has one actor is listed in order without sorting.
    index('audit_entries_actor_id').on(table.actorId),
    index('audit_entries_action').on(table.action),
    index('audit_entries_refused')
      .on(table.result)
      .where(sql`${table.result} <> 'ok'`),
  ],
);

export type AuditEntryRow = typeof auditEntries.$inferSelect;
export type NewAuditEntryRow = typeof auditEntries.$inferInsert;
