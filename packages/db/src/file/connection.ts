import { DatabaseSync } from 'node:sqlite';
import type { SQLInputValue, StatementSync } from 'node:sqlite';

import type { SqlRow, SqlValue, Statement, WriteResult } from '../statement.ts';

export type FileConnection = {
  run: (statement: Statement) => WriteResult;
  read: (sql: string, args: readonly SqlValue[]) => SqlRow[];
  /** Rows as arrays, for the query builder. */
  readArrays: (sql: string, args: readonly SQLInputValue[]) => unknown[][];
  /** A script of several statements, without arguments. */
  exec: (sql: string) => void;
  isInTransaction: () => boolean;
  close: () => void;
};

/** `normal`: a commit outlives the process; `full`: also a power cut, for one flush of the disk a commit. */
export type Synchronous = 'normal' | 'full';
export type FileConnectionOptions = {
  /** How long the process stands still for a lock that another one holds: SQLite waits synchronously. */
  busyTimeoutMs: number;
  synchronous: Synchronous;
};

/** While it opens nothing else is served yet, and the change to WAL cannot share the file. */
const OPEN_TIMEOUT_MS = 2_000;

/** 16 MB of log between checkpoints: each one stops every writer. */
const CHECKPOINT_PAGES = 4_000;

/** Lists in a query make a text for each length; what was prepared first goes, and is prepared anew where it is wanted. */
const MAX_PREPARED = 500;

const CODES: Readonly<Record<number, string>> = {
  5: 'SQLITE_BUSY',
  6: 'SQLITE_LOCKED',
  8: 'SQLITE_READONLY',
  10: 'SQLITE_IOERR',
  11: 'SQLITE_CORRUPT',
  13: 'SQLITE_FULL',
  14: 'SQLITE_CANTOPEN',
  19: 'SQLITE_CONSTRAINT',
  26: 'SQLITE_NOTADB',
};

/** The driver has one code for all errors; a server's say which, and so does this. */
function withCode(error: unknown): unknown {
  if (!(error instanceof Error) || !('errcode' in error) || typeof error.errcode !== 'number') return error;
  return Object.assign(error, { code: CODES[error.errcode & 0xff] ?? 'SQLITE_ERROR' });
}

function withCodes<Args extends readonly unknown[], Result>(
  work: (...args: Args) => Result,
): (...args: Args) => Result {
  return (...args) => {
    try {
      return work(...args);
    } catch (error) {
      throw withCode(error);
    }
  };
}

function createPreparedCache(prepare: (sql: string) => StatementSync) {
  const prepared = new Map<string, { statement: StatementSync; hasRows: boolean }>();
  return (sql: string) => {
    const known = prepared.get(sql);
    if (known !== undefined) return known;
    const statement = prepare(sql);
    const entry = { statement, hasRows: statement.columns().length > 0 };
    const [oldest] = prepared.size < MAX_PREPARED ? [] : prepared.keys();
    if (oldest !== undefined) prepared.delete(oldest);
    prepared.set(sql, entry);
    return entry;
  };
}

function isRow(value: unknown): value is SqlRow {
  return typeof value === 'object' && value !== null;
}

function isList(value: unknown): value is unknown[] {
  return Array.isArray(value);
}

function openFile(path: string, { busyTimeoutMs, synchronous }: FileConnectionOptions): DatabaseSync {
  const database = new DatabaseSync(path, { timeout: OPEN_TIMEOUT_MS });
  database.exec('pragma journal_mode = wal');
  database.exec(`pragma synchronous = ${synchronous}`);
  database.exec(`pragma wal_autocheckpoint = ${CHECKPOINT_PAGES}`);
  database.exec('pragma foreign_keys = on');
  database.exec(`pragma busy_timeout = ${busyTimeoutMs}`);
  return database;
}

/** One connection to a libSQL file with prepared statements, in this thread (docs/decisions/010). */
export function openFileConnection(path: string, options: FileConnectionOptions): FileConnection {
  const database = withCodes(openFile)(path, options);
  const find = createPreparedCache((sql) => database.prepare(sql));
  const findArrays = createPreparedCache((sql) => {
    const statement = database.prepare(sql);
    statement.setReturnArrays(true);
    return statement;
  });

  function run({ sql, args }: Statement): WriteResult {
    const { statement, hasRows } = find(sql);
    if (!hasRows) return { rows: [], rowsAffected: Number(statement.run(...args).changes) };
    const rows = statement.all(...args).filter(isRow);
    return { rows, rowsAffected: rows.length };
  }

  return {
    run: withCodes(run),
    read: withCodes((sql, args) =>
      find(sql)
        .statement.all(...args)
        .filter(isRow),
    ),
    readArrays: withCodes((sql, args) => {
      const rows: unknown[] = findArrays(sql).statement.all(...args);
      return rows.filter(isList);
    }),
    exec: withCodes((sql) => {
      database.exec(sql);
    }),
    isInTransaction: () => database.isTransaction,
    close: () => {
      if (database.isOpen) database.close();
    },
  };
}
