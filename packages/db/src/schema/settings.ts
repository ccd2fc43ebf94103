import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';

/** What an operator has decided for the whole deployment; a name without a row has the environment's value. */
export const settings = sqliteTable('settings', {
  name: text('name').primaryKey(),
  value: text('value', { mode: 'json' }).$type<unknown>().notNull(),
  updatedAt: integer('updated_at', { mode: 'timestamp_ms' }).notNull(),
  updatedBy: text('updated_by').notNull(),
});
