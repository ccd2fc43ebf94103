import { Worker } from 'node:worker_threads';

import type { CommitAnswer, FileThreadData, ThreadError } from './thread-messages.ts';
import type { WriteOutcome, WriteUnit } from '../write-queue.ts';

export type CommitThread = {
  /** False while it is starting, or where it ended: then somebody else has to commit. */
  isReady: () => boolean;
  /** One call at a time. Rejects where nothing was, or may have been, committed. */
  commit: (units: readonly WriteUnit[]) => Promise<WriteOutcome[]>;
  close: () => Promise<void>;
};

class SqliteError extends Error {
  override readonly name = 'SqliteError';
  readonly code: string;
  constructor(message: string, code: string) {
    super(message);
    this.code = code;
  }
}

function toError({ message, code }: ThreadError): Error {
  return code === null ? new Error(message) : new SqliteError(message, code);
}

type Waiting = { resolve: (answer: CommitAnswer) => void; reject: (error: unknown) => void };

/** A thread with a connection of its own to the file. It keeps no process alive but while it commits. */
export function createCommitThread(data: FileThreadData): CommitThread {
  const worker = new Worker(new URL('commit-thread.ts', import.meta.url), { workerData: data });
  let isReady = false;
  let waiting: Waiting | null = null;

  function settle(act: (waiting: Waiting) => void): void {
    const settled = waiting;
    waiting = null;
    worker.unref();
    if (settled !== null) act(settled);
  }
  function end(error: Error): void {
    isReady = false;
    settle(({ reject }) => {
      reject(error);
    });
  }
  worker.unref();
  worker.on('online', () => (isReady = true));
  worker.on('message', (answer: CommitAnswer) => {
    settle(({ resolve }) => {
      resolve(answer);
    });
  });
  worker.on('error', (error) => {
    end(error instanceof Error ? error : new Error(String(error)));
  });
  worker.on('exit', () => {
    end(new Error('The thread that commits has ended.'));
  });

  return {
    isReady: () => isReady,
    commit: async (units) => {
      const answered = Promise.withResolvers<CommitAnswer>();
      waiting = answered;
      worker.ref();
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- because a thread has no origin
      worker.postMessage(units);
      const answer = await answered.promise;
      if (!answer.ok) throw toError(answer.error);
      return answer.outcomes.map((outcome) =>
        outcome.ok ? { ok: true, results: outcome.results } : { ok: false, error: toError(outcome.error) },
      );
    },
    close: async () => {
      await worker.terminate();
    },
  };
}
