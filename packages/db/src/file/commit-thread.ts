// The thread beside the server's own that commits, and waits for the disk. Started by create-commit-thread.ts.
import { parentPort, workerData } from 'node:worker_threads';

import type { CommitAnswer, FileThreadData, ThreadError } from './thread-messages.ts';
import { createFileCommitter } from './committer.ts';
import type { WriteUnit } from '../write-queue.ts';

// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- because only create-commit-thread.ts starts this
const { path, options } = workerData as FileThreadData;
const committer = createFileCommitter(path, options);

function toThreadError(error: unknown): ThreadError {
  const code =
    error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : null;
  return { message: error instanceof Error ? error.message : String(error), code };
}

function commit(units: readonly WriteUnit[]): CommitAnswer {
  try {
    const outcomes = committer.commit(units);
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

parentPort?.on('message', (units: readonly WriteUnit[]) => {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- because a thread has no origin
  parentPort?.postMessage(commit(units));
});
