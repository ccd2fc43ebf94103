export type { Database, Orm } from './database.ts';
export * from './schema.ts';
export type { SqlRow, SqlValue, Statement, WriteResult } from './statement.ts';
