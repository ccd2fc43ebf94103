import { Worker } from 'node:worker_threads';

import type { FileThreadData } from './thread-messages.ts';

export type Checkpoints = {
  /** A batch was committed. */
  note: () => void;
  close: () => Promise<void>;
};

/** Well before SQLite makes one of its own (connection.ts): a batch is at least half a dozen pages of log. */
const BATCHES_BETWEEN = 200;

/**
 * Copies the log into the file from a thread with a connection of its own: SQLite would do it in the thread that commits
 * whenever the log is long enough, and everybody waited 80 ms. SQLite's own checkpoints stay switched on, find little
 * left, and are what there is where the thread ended.
 */
export function createCheckpoints(data: FileThreadData, batchesBetween = BATCHES_BETWEEN): Checkpoints {
  let worker: Worker | null = null;
  let isUnderWay = false;
  let batches = 0;

  function start(): Worker {
    const started = new Worker(new URL('checkpoint-thread.ts', import.meta.url), { workerData: data });
    const end = (): void => {
      if (worker !== started) return;
      worker = null;
      isUnderWay = false;
    };
    started.on('message', () => (isUnderWay = false));
    started.on('error', end);
    started.on('exit', end);
    // Last: to listen keeps the process alive.
    started.unref();
    return started;
  }

  function ask(): void {
    worker ??= start();
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- because a thread has no origin
    worker.postMessage('checkpoint');
    isUnderWay = true;
  }

  return {
    note: () => {
      batches += 1;
      if (batches < batchesBetween || isUnderWay) return;
      batches = 0;
      try {
        ask();
      } catch {
        // No thread to be had at the moment. The batch is committed, and SQLite makes its own checkpoints.
      }
    },
    close: async () => {
      await worker?.terminate();
    },
  };
}
