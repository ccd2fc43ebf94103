// The thread beside the server's own that commits, and waits for the disk. Started by create-commit-thread.ts.
import { parentPort, workerData } from 'node:worker_threads';

import type {
  CommitAnswer,
  CommitOrder,
  CommitThreadData,
  NumberedStatement,
  ThreadError,
} from './commit-thread-messages.ts';
import { createFileCommitter } from './committer.ts';
import type { Statement } from '../statement.ts';

// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- because only create-commit-thread.ts starts this
const { path, options } = workerData as CommitThreadData;
const committer = createFileCommitter(path, options);
const texts = new Map<number, string>();

function toStatement({ text, args, audit }: NumberedStatement): Statement {
  const sql = texts.get(text);
  if (sql === undefined) throw new RangeError('A statement came without its text.');
  return audit === undefined ? { sql, args } : { sql, args, audit };
}

function toThreadError(error: unknown): ThreadError {
  const code =
    error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : null;
  return { message: error instanceof Error ? error.message : String(error), code };
}

function commit(order: CommitOrder): CommitAnswer {
  try {
    for (const [number, text] of order.texts) texts.set(number, text);
    const outcomes = committer.commit(order.units.map((unit) => unit.map(toStatement)));
    return {
      ok: true,
      outcomes: outcomes.map((outcome) =>
        outcome.ok ? outcome : { ok: false, error: toThreadError(outcome.error) },
      ),
    };
  } catch (error) {
    return { ok: false, error: toThreadError(error) };
  }
}

parentPort?.on('message', (order: CommitOrder) => {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- because a thread has no origin
  parentPort?.postMessage(commit(order));
});
