import LibsqlConnection from 'libsql';

import { createFileCheck } from './file-identity.ts';
import { formatLink, hasAudit, READ_CHAIN_HEAD, toChainHead, withLinks } from './audit-chain.ts';
import type { SqlRow, SqlValue, Statement, WriteResult } from './statement.ts';
import type { CommitBatch, WriteOutcome, WriteUnit } from './write-queue.ts';

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
export type FileWriterOptions = {
  /** How long the process stands still for a lock that another one holds: SQLite waits synchronously. */
  busyTimeoutMs: number;
  synchronous: Synchronous;
  /** SHA-256 in lower-case hex, at once: nothing may come between the statements of a transaction. */
  digest: (text: string) => string;
};

/** While it opens nothing else is served yet, and the change to WAL cannot share the file. */
const OPEN_TIMEOUT_MS = 2_000;

/** 16 MB of log between checkpoints: each one stops every writer. */
const CHECKPOINT_PAGES = 4_000;

const BEGIN: Statement = { sql: 'begin immediate', args: [] };
const COMMIT: Statement = { sql: 'commit', args: [] };
const ROLLBACK: Statement = { sql: 'rollback', args: [] };
const SAVEPOINT: Statement = { sql: 'savepoint unit', args: [] };
const RELEASE: Statement = { sql: 'release unit', args: [] };
const ROLLBACK_TO: Statement = { sql: 'rollback to unit', args: [] };

function isRow(value: unknown): value is SqlRow {
  return typeof value === 'object' && value !== null;
}

type Run = (statement: Statement) => WriteResult;
type Digest = FileWriterOptions['digest'];

/** Runs statements and chains the entries of the audit among them, within one transaction at a time. */
function createChaining(run: Run, digest: Digest) {
  /** The last hash as this transaction sees it; null until it is asked for. */
  let head: string | null = null;

  return {
    run: (statement: Statement): WriteResult => {
      const { audit } = statement;
      if (audit === undefined) return run(statement);
      head ??= toChainHead(run({ sql: READ_CHAIN_HEAD, args: [] }).rows);
      const hash = digest(formatLink(head, audit.record));
      const result = run(withLinks(statement, { [head]: hash }));
      if (result.rowsAffected > 0) head = hash;
      return result;
    },
    mark: () => head,
    /** What was chained since then has been rolled back. */
    resetTo: (mark: string | null) => {
      head = mark;
    },
  };
}

type GroupCommitOptions = {
  run: Run;
  /** Whether a transaction is under way. */
  isOpen: () => boolean;
  digest: Digest;
};

type Chaining = ReturnType<typeof createChaining>;

function createTransactions({ run, isOpen }: GroupCommitOptions, chaining: Chaining) {
  return <Result>(work: () => Result): Result => {
    run(BEGIN);
    chaining.resetTo(null);
    try {
      const result = work();
      run(COMMIT);
      return result;
    } finally {
      if (isOpen()) run(ROLLBACK);
    }
  };
}

function createGroupCommit(options: GroupCommitOptions) {
  const { run, isOpen, digest } = options;
  const chaining = createChaining(run, digest);
  const inTransaction = createTransactions(options, chaining);

  /** SQLite undoes a refused statement alone, unless the trouble was large enough to end the transaction. */
  function tryOne(statement: Statement): WriteOutcome {
    try {
      return { ok: true, results: [chaining.run(statement)] };
    } catch (error) {
      if (!isOpen()) throw error;
      return { ok: false, error };
    }
  }

  /** Inside a transaction of others: only a savepoint can undo the statements that went before the refused one. */
  function tryAll(unit: WriteUnit): WriteOutcome {
    const mark = chaining.mark();
    run(SAVEPOINT);
    try {
      const results = unit.map(chaining.run);
      run(RELEASE);
      return { ok: true, results };
    } catch (error) {
      if (!isOpen()) throw error;
      run(ROLLBACK_TO);
      run(RELEASE);
      chaining.resetTo(mark);
      return { ok: false, error };
    }
  }

  function tryUnit(unit: WriteUnit): WriteOutcome {
    const [only] = unit;
    return only !== undefined && unit.length === 1 ? tryOne(only) : tryAll(unit);
  }

  /** Without savepoints, which cost a third of a small unit; null where a unit was refused, and nothing was written. */
  function tryTogether(units: readonly WriteUnit[]): WriteOutcome[] | null {
    let done = -1;
    try {
      return inTransaction(() => {
        done = 0;
        return units.map((unit): WriteOutcome => {
          const results = unit.map(chaining.run);
          done += 1;
          return { ok: true, results };
        });
      });
    } catch (error) {
      if (done >= 0 && done < units.length) return null;
      throw error;
    }
  }

  return (units: readonly WriteUnit[]): WriteOutcome[] => {
    const [first = []] = units;
    if (units.length > 1) return tryTogether(units) ?? inTransaction(() => units.map(tryUnit));
    // A lone statement is its own transaction and a lone unit needs no savepoint; where it is refused, so is the batch.
    const isAlone = first.length === 1 && !hasAudit(first);
    const results = isAlone ? first.map(run) : inTransaction(() => first.map(chaining.run));
    return [{ ok: true, results }];
  };
}

/**
 * One connection with prepared statements. The client prepares each statement anew and finds out by exceptions whether
 * it returns rows: measured here, a third of the cost of a group commit and more than half of a lone one.
 */
export function createFileWriter(path: string, options: FileWriterOptions): FileWriter {
  const connection = new LibsqlConnection(path, { timeout: OPEN_TIMEOUT_MS });
  connection.exec('pragma journal_mode = wal');
  connection.exec(`pragma synchronous = ${options.synchronous}`);
  connection.exec(`pragma wal_autocheckpoint = ${CHECKPOINT_PAGES}`);
  connection.exec('pragma foreign_keys = on');
  connection.exec(`pragma busy_timeout = ${options.busyTimeoutMs}`);
  const checkFile = createFileCheck(path);
  const prepared = new Map<string, Prepared>();

  function prepare(sql: string): Prepared {
    const known = prepared.get(sql);
    if (known !== undefined) return known;
    const statement = connection.prepare(sql);
    // Asked once: the driver's answer is a call into native code.
    const { reader } = statement;
    const entry: Prepared = {
      reader,
      run: (args) => statement.run(args),
      all: (args) => statement.all(args),
    };
    prepared.set(sql, entry);
    return entry;
  }

  function run({ sql, args }: Statement): WriteResult {
    const statement = prepare(sql);
    if (!statement.reader) return { rows: [], rowsAffected: statement.run(args).changes };
    const rows = statement.all(args).filter(isRow);
    return { rows, rowsAffected: rows.length };
  }

  const commitNow = createGroupCommit({
    run,
    isOpen: () => connection.inTransaction,
    digest: options.digest,
  });
  return {
    commitBatch: async (units) => {
      checkFile();
      return commitNow(units);
    },
    read: (sql, args) => {
      checkFile();
      return prepare(sql).all(args).filter(isRow);
    },
    close: () => {
      connection.close();
    },
  };
}
