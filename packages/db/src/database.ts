import type { BaseSQLiteDatabase } from 'drizzle-orm/sqlite-core';

import type * as schema from './schema.ts';
import type { SqlRow, SqlValue, Statement, WriteResult } from './statement.ts';

export type Orm = BaseSQLiteDatabase<'async', unknown, typeof schema>;

export type Database = {
  /** For reads and for the rare write. Its errors carry parameters in their message: never log them as they are. */
  readonly orm: Orm;
  /** Resolves only after COMMIT. Statements of concurrent callers may share one transaction on Node. */
  write: (statement: Statement) => Promise<WriteResult>;
  /**
   * All of them or none, in order, in one transaction; resolves only after COMMIT. `changes()` in a statement tells
   * whether the one before it took effect.
   */
  writeAll: (statements: readonly Statement[]) => Promise<readonly WriteResult[]>;
  /** One read without a query builder. */
  read: (sql: string, args?: readonly SqlValue[]) => Promise<readonly SqlRow[]>;
  /** Milliseconds since the last write could not be stored; infinite where another one was stored since. */
  lossAgoMs: () => number;
  /** Waits for the writes under way, then closes. */
  close: () => Promise<void>;
};
