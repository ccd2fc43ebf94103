import type { InsertTemplate, SqlValue, Statement, WriteResult } from './statement.ts';

export type PlainStatement = { sql: string; args: SqlValue[] };

/** Runs the statements in one transaction and resolves after COMMIT, one result a statement. */
export type RunBatch = (statements: PlainStatement[]) => Promise<WriteResult[]>;

export type WriteQueueOptions = {
  runBatch: RunBatch;
  /** Calls back once the callers of this turn of the event loop have had their say. */
  schedule: (flush: () => void) => void;
  maxBatch?: number;
};

export type WriteQueue = {
  write: (statement: Statement) => Promise<WriteResult>;
  /** Resolves when nothing is queued or under way. */
  drain: () => Promise<void>;
};

type Pending = {
  statement: Statement;
  resolve: (result: WriteResult) => void;
  reject: (error: unknown) => void;
};

type Unit = { plain: PlainStatement; pendings: Pending[] };

function toPlain(statement: Statement): PlainStatement {
  if ('sql' in statement) return { sql: statement.sql, args: [...statement.args] };
  return { sql: statement.insert.head + statement.insert.tuple, args: [...statement.values] };
}

/** Concurrent callers have no order among themselves, so equal INSERTs may be moved together. */
function groupInserts(batch: readonly Pending[]): Unit[] {
  const units: Unit[] = [];
  const inserts = new Map<InsertTemplate, Unit>();
  for (const pending of batch) {
    const { statement } = pending;
    const open = 'insert' in statement ? inserts.get(statement.insert) : undefined;
    if (open === undefined || !('insert' in statement)) {
      const unit = { plain: toPlain(statement), pendings: [pending] };
      units.push(unit);
      if ('insert' in statement) inserts.set(statement.insert, unit);
      continue;
    }
    open.plain.sql += `, ${statement.insert.tuple}`;
    for (const value of statement.values) open.plain.args.push(value);
    open.pendings.push(pending);
  }
  return units;
}

function settle(unit: Unit, result: WriteResult | undefined): void {
  for (const pending of unit.pendings) {
    pending.resolve(
      'insert' in pending.statement || result === undefined ? { rows: [], rowsAffected: 1 } : result,
    );
  }
}

/**
 * A statement that SQLite refused has rolled its batch back. Anything else (a lost connection) may have been
 * committed: running it again could count it twice, so its callers are told.
 */
function isRefusedBySqlite(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' && code.startsWith('SQLITE_');
}

/** Group commit: whatever is queued when a flush starts shares one transaction and one fsync. */
export function createWriteQueue({ runBatch, schedule, maxBatch = 128 }: WriteQueueOptions): WriteQueue {
  let queue: Pending[] = [];
  let isFlushing = false;
  let idleWaiters: (() => void)[] = [];

  async function runAlone(pending: Pending): Promise<void> {
    try {
      const [result] = await runBatch([toPlain(pending.statement)]);
      pending.resolve(result ?? { rows: [], rowsAffected: 0 });
    } catch (error) {
      pending.reject(error);
    }
  }

  async function commit(batch: Pending[]): Promise<void> {
    const units = groupInserts(batch);
    try {
      const results = await runBatch(units.map((unit) => unit.plain));
      for (const [index, unit] of units.entries()) settle(unit, results[index]);
    } catch (error) {
      if (batch.length === 1 || !isRefusedBySqlite(error)) {
        for (const pending of batch) pending.reject(error);
        return;
      }
      for (const pending of batch) await runAlone(pending);
    }
  }

  async function flush(): Promise<void> {
    while (queue.length > 0) {
      const batch = queue.slice(0, maxBatch);
      queue = queue.slice(maxBatch);
      await commit(batch);
    }
    isFlushing = false;
    const waiters = idleWaiters;
    idleWaiters = [];
    for (const resolve of waiters) resolve();
  }

  return {
    write: (statement) =>
      new Promise((resolve, reject) => {
        queue.push({ statement, resolve, reject });
        if (isFlushing) return;
        isFlushing = true;
        schedule(() => void flush());
      }),
    drain: () => (isFlushing ? new Promise((resolve) => idleWaiters.push(resolve)) : Promise.resolve()),
  };
}
