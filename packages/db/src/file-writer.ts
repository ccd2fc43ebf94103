import LibsqlConnection from 'libsql';

import type { SqlRow, SqlValue, Statement, WriteResult } from './statement.ts';
import type { CommitBatch, WriteOutcome } from './write-queue.ts';

export type FileWriter = {
  commitBatch: CommitBatch;
  read: (sql: string, args: readonly SqlValue[]) => SqlRow[];
  close: () => void;
};

type Prepared = {
  reader: boolean;
  run: (args: readonly SqlValue[]) => { changes: number };
  all: (args: readonly SqlValue[]) => unknown[];
};

/** `normal`: a commit outlives the process; `full`: also a power cut, for one flush of the disk a commit. */
export type Synchronous = 'normal' | 'full';
export type FileWriterOptions = { busyTimeoutMs: number; synchronous: Synchronous };

/** 16 MB of log between checkpoints: each one stops every writer. */
const CHECKPOINT_PAGES = 4_000;

function isRow(value: unknown): value is SqlRow {
  return typeof value === 'object' && value !== null;
}

/**
 * One connection with prepared statements. The client prepares each statement anew and finds out by exceptions whether
 * it returns rows: measured here, a third of the cost of a group commit and more than half of a lone one.
 */
export function createFileWriter(path: string, options: FileWriterOptions): FileWriter {
  const connection = new LibsqlConnection(path, { timeout: options.busyTimeoutMs });
  connection.exec('pragma journal_mode = wal');
  connection.exec(`pragma synchronous = ${options.synchronous}`);
  connection.exec(`pragma wal_autocheckpoint = ${CHECKPOINT_PAGES}`);
  connection.exec('pragma foreign_keys = on');
  const prepared = new Map<string, Prepared>();

  function prepare(sql: string): Prepared {
    const known = prepared.get(sql);
    if (known !== undefined) return known;
    const statement = connection.prepare(sql);
    prepared.set(sql, statement);
    return statement;
  }

  function run({ sql, args }: Statement): WriteResult {
    const statement = prepare(sql);
    if (!statement.reader) return { rows: [], rowsAffected: statement.run(args).changes };
    const rows = statement.all(args).filter(isRow);
    return { rows, rowsAffected: rows.length };
  }

  /** SQLite undoes a refused statement alone, unless the trouble was large enough to end the transaction. */
  function tryRun(statement: Statement): WriteOutcome {
    try {
      return { ok: true, result: run(statement) };
    } catch (error) {
      if (!connection.inTransaction) throw error;
      return { ok: false, error };
    }
  }

  function commitNow(statements: readonly Statement[]): WriteOutcome[] {
    // A lone statement is its own transaction; where it is refused, so is the batch.
    if (statements.length === 1) return statements.map(tryRun);
    run({ sql: 'begin immediate', args: [] });
    try {
      const outcomes = statements.map(tryRun);
      run({ sql: 'commit', args: [] });
      return outcomes;
    } finally {
      if (connection.inTransaction) run({ sql: 'rollback', args: [] });
    }
  }

  return {
    commitBatch: async (statements) => commitNow(statements),
    read: (sql, args) => prepare(sql).all(args).filter(isRow),
    close: () => {
      connection.close();
    },
  };
}
