import type { Losses } from './write-losses.ts';
import type { Statement, WriteResult } from './statement.ts';

/** Statements that take effect together or not at all. */
export type WriteUnit = readonly Statement[];
/** One result a statement of the unit. */
export type WriteOutcome = { ok: true; results: readonly WriteResult[] } | { ok: false; error: unknown };

/**
 * Runs the units in one transaction and resolves after COMMIT, one outcome a unit: a unit that SQLite refuses must not
 * take the others with it. Rejects when nothing was, or may have been, committed.
 */
export type CommitBatch = (units: readonly WriteUnit[]) => Promise<WriteOutcome[]>;

export type WriteQueueOptions = {
  commitBatch: CommitBatch;
  /** Calls back once the callers of this turn of the event loop have had their say. */
  schedule: (flush: () => void) => void;
  /** In units. */
  maxBatch?: number;
  /** Whether what is queued behind the batch fails with it, since it would wait for the same in vain. */
  isLostForAll?: (error: unknown) => boolean;
  /** Where it is kept whether batches are committed. */
  losses?: Pick<Losses, 'note' | 'clear'>;
};

export type WriteQueue = {
  write: (statement: Statement) => Promise<WriteResult>;
  writeAll: (statements: readonly Statement[]) => Promise<readonly WriteResult[]>;
  /** Resolves when nothing is queued or under way. */
  drain: () => Promise<void>;
};

type Pending = {
  unit: WriteUnit;
  resolve: (results: readonly WriteResult[]) => void;
  reject: (error: unknown) => void;
};

const NO_ANSWER = 'The batch gave no answer for this statement.';

function settle(pending: Pending, outcome: WriteOutcome | undefined): void {
  if (outcome?.ok === true) pending.resolve(outcome.results);
  else pending.reject(outcome?.error ?? new Error(NO_ANSWER));
}

/** Group commit: whatever is queued when a flush starts shares one transaction and one fsync. */
export function createWriteQueue({
  commitBatch,
  schedule,
  maxBatch = 128,
  isLostForAll = () => false,
  losses,
}: WriteQueueOptions): WriteQueue {
  let queue: Pending[] = [];
  let isFlushing = false;
  let idleWaiters: (() => void)[] = [];

  async function commit(batch: readonly Pending[]): Promise<void> {
    try {
      const outcomes = await commitBatch(batch.map((pending) => pending.unit));
      losses?.clear();
      for (const [index, pending] of batch.entries()) settle(pending, outcomes[index]);
    } catch (error) {
      losses?.note(error);
      const behind = isLostForAll(error) ? queue.splice(0) : [];
      for (const pending of [...batch, ...behind]) pending.reject(error);
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

  function enqueue(pending: Pending): void {
    queue.push(pending);
    if (isFlushing) return;
    isFlushing = true;
    schedule(() => void flush());
  }

  return {
    write: (statement) =>
      new Promise((resolve, reject) => {
        const takeOnly = ([result]: readonly WriteResult[]): void => {
          if (result === undefined) reject(new Error(NO_ANSWER));
          else resolve(result);
        };
        enqueue({ unit: [statement], resolve: takeOnly, reject });
      }),
    writeAll: (statements) =>
      statements.length === 0
        ? Promise.resolve([])
        : new Promise((resolve, reject) => {
            enqueue({ unit: statements, resolve, reject });
          }),
    drain: () => (isFlushing ? new Promise((resolve) => idleWaiters.push(resolve)) : Promise.resolve()),
  };
}
