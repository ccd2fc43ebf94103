import { index, integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core';

/** How many TURN credentials a user got from a provider in one window. */
export const turnIssuances = sqliteTable(
  'turn_issuances',
  {
    userId: text('user_id').notNull(),
    windowStart: integer('window_start', { mode: 'timestamp_ms' }).notNull(),
    provider: text('provider').notNull(),
    count: integer('count').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.userId, table.windowStart, table.provider] }),
    index('turn_issuances_window_start').on(table.windowStart, table.provider),
  ],
);
