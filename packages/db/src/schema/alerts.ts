import { sql } from 'drizzle-orm';
import { integer, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core';

/** What an operator has to know. One open alert per kind and target, however often it happens. */
export const alerts = sqliteTable(
  'alerts',
  {
    id: text('id').primaryKey(),
    kind: text('kind', { enum: ['provider_key_quarantined', 'provider_key_exhausted'] }).notNull(),
    target: text('target').notNull(),
    severity: text('severity', { enum: ['critical', 'warning'] }).notNull(),
    message: text('message').notNull(),
    at: integer('at', { mode: 'timestamp_ms' }).notNull(),
    resolvedAt: integer('resolved_at', { mode: 'timestamp_ms' }),
  },
  (table) => [
    uniqueIndex('alerts_open_kind_target')
      .on(table.kind, table.target)
      .where(sql`${table.resolvedAt} is null`),
  ],
);

export type AlertRow = typeof alerts.$inferSelect;
export type NewAlertRow = typeof alerts.$inferInsert;
