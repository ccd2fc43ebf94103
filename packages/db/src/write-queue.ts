import type { Statement, WriteResult } from './statement.ts';

export type WriteOutcome = { ok: true; result: WriteResult } | { ok: false; error: unknown };

/**
 * Runs the statements in one transaction and resolves after COMMIT, one outcome a statement: a statement that SQLite
 * refuses must not take the others with it. Rejects when nothing was, or may have been, committed.
 */
export type CommitBatch = (statements: readonly Statement[]) => Promise<WriteOutcome[]>;

export type WriteQueueOptions = {
  commitBatch: CommitBatch;
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

/** Group commit: whatever is queued when a flush starts shares one transaction and one fsync. */
export function createWriteQueue({ commitBatch, schedule, maxBatch = 128 }: WriteQueueOptions): WriteQueue {
  let queue: Pending[] = [];
  let isFlushing = false;
  let idleWaiters: (() => void)[] = [];

  async function commit(batch: readonly Pending[]): Promise<void> {
    try {
      const outcomes = await commitBatch(batch.map((pending) => pending.statement));
      for (const [index, pending] of batch.entries()) {
        const outcome = outcomes[index];
        if (outcome?.ok === true) pending.resolve(outcome.result);
        else pending.reject(outcome?.error ?? new Error('The batch gave no answer for this statement.'));
      }
    } catch (error) {
      for (const pending of batch) pending.reject(error);
    }
  }

  /** One batch a turn: a caller that writes again as soon as it is answered must not keep the event loop to itself. */
  async function flush(): Promise<void> {
    const batch = queue.slice(0, maxBatch);
    queue = queue.slice(maxBatch);
    await commit(batch);
    if (queue.length > 0) {
      schedule(() => void flush());
      return;
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
