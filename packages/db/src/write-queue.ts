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
  /** In units. A batch that is full does not wait for the turn to end: its callers go on while others still come in. */
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

/** So many batches may be full in one turn: callers that write again at once must not keep the event loop to themselves. */
const MAX_FULL_A_TURN = 16;

const NO_ANSWER = 'The batch gave no answer for this statement.';

function settle(pending: Pending, outcome: WriteOutcome | undefined): void {
  if (outcome?.ok === true) pending.resolve(outcome.results);
  else pending.reject(outcome?.error ?? new Error(NO_ANSWER));
}

type Batches = {
  add: (pending: Pending) => void;
  /** Resolves when nothing waits and nothing is under way. */
  drain: () => Promise<void>;
};

/** Gathers batches and has one of them committed at a time. */
function createBatches(
  commit: (batch: readonly Pending[], takeRest: () => readonly Pending[]) => Promise<void>,
  { schedule, maxBatch = 128 }: Pick<WriteQueueOptions, 'schedule' | 'maxBatch'>,
): Batches {
  let queue: Pending[] = [];
  let isCommitting = false;
  let isScheduled = false;
  let fullThisTurn = 0;
  let idleWaiters: (() => void)[] = [];

  async function flush(): Promise<void> {
    isCommitting = true;
    const batch = queue.slice(0, maxBatch);
    queue = queue.slice(maxBatch);
    await commit(batch, () => queue.splice(0));
    isCommitting = false;
    if (queue.length > 0) {
      flushNextTurn();
      return;
    }
    const waiters = idleWaiters;
    idleWaiters = [];
    for (const resolve of waiters) resolve();
  }

  function flushNextTurn(): void {
    if (isScheduled) return;
    isScheduled = true;
    schedule(() => {
      isScheduled = false;
      fullThisTurn = 0;
      if (!isCommitting && queue.length > 0) void flush();
    });
  }

  return {
    add: (pending) => {
      queue.push(pending);
      flushNextTurn();
      if (isCommitting || queue.length < maxBatch || fullThisTurn === MAX_FULL_A_TURN) return;
      fullThisTurn += 1;
      void flush();
    },
    drain: () =>
      isCommitting || queue.length > 0
        ? new Promise((resolve) => idleWaiters.push(resolve))
        : Promise.resolve(),
  };
}

/** Group commit: whatever is queued when a flush starts shares one transaction and one fsync. */
export function createWriteQueue(options: WriteQueueOptions): WriteQueue {
  const { commitBatch, isLostForAll = () => false, losses } = options;
  const { add, drain } = createBatches(async (batch, takeRest) => {
    try {
      const outcomes = await commitBatch(batch.map((pending) => pending.unit));
      losses?.clear();
      for (const [index, pending] of batch.entries()) settle(pending, outcomes[index]);
    } catch (error) {
      losses?.note(error);
      const behind = isLostForAll(error) ? takeRest() : [];
      for (const pending of [...batch, ...behind]) pending.reject(error);
    }
  }, options);

  return {
    write: (statement) =>
      new Promise((resolve, reject) => {
        const takeOnly = ([result]: readonly WriteResult[]): void => {
          if (result === undefined) reject(new Error(NO_ANSWER));
          else resolve(result);
        };
        add({ unit: [statement], resolve: takeOnly, reject });
      }),
    writeAll: (statements) =>
      statements.length === 0
        ? Promise.resolve([])
        : new Promise((resolve, reject) => {
            add({ unit: statements, resolve, reject });
          }),
    drain,
  };
}
