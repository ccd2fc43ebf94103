import { integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core';

/** Requests of one subject in one window; counted by an upsert that returns the count. */
export const rateWindows = sqliteTable(
  'rate_windows',
  {
    scope: text('scope').notNull(),
    subject: text('subject').notNull(),
    windowStart: integer('window_start', { mode: 'timestamp_ms' }).notNull(),
    count: integer('count').notNull(),
  },
  (table) => [primaryKey({ columns: [table.scope, table.subject, table.windowStart] })],
);
