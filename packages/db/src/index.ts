export type { Database, Orm } from './database.ts';
export * from './schema.ts';
export { createInsertTemplate } from './statement.ts';
export type { InsertTemplate, SqlRow, SqlValue, Statement, WriteResult } from './statement.ts';
