import { createCommitThread } from './create-commit-thread.ts';
import type { CommitThread } from './create-commit-thread.ts';
import type { FileConnectionOptions, Synchronous } from './connection.ts';
import { createFileCommitter } from './committer.ts';
import { createFileCheck } from './identity.ts';
import { createFileOrm } from './orm.ts';
import { sleep } from '../patience.ts';
import type { NodeParts } from '../node-parts.ts';
import type { CommitBatch, WriteUnit } from '../write-queue.ts';
import { createBusyRetry } from '../write-queue-busy.ts';

/** A commit of another process on the same file takes less. The driver is synchronous: waiting stops this thread. */
const BUSY_TIMEOUT_MS = 10;

/**
 * Up to so many units are committed sooner than another thread has heard of them; but where each commit waits for the
 * disk, that wait never stops the server.
 */
const UNITS_HERE: Readonly<Record<Synchronous, number>> = { normal: 3, full: 0 };

const whileBusy = createBusyRetry({ now: () => performance.now(), sleep, random: () => Math.random() });

/** `file:relative`, `file:/absolute` and `file:///absolute` are all in use. */
function toPath(url: string): string {
  return decodeURIComponent(url.replace(/^file:(?:\/\/(?=\/))?/, ''));
}

/**
 * Started by the first batch that is large enough, so that a short-lived program has none. The queue gives one batch
 * after the other, so that the two connections never write at once.
 */
function createCommit(
  commitHere: CommitBatch,
  { unitsHere, start }: { unitsHere: number; start: () => CommitThread },
) {
  let thread: CommitThread | null = null;
  return {
    commitBatch: async (units: readonly WriteUnit[]) => {
      if (units.length <= unitsHere) return await commitHere(units);
      thread ??= start();
      return thread.isReady() ? await thread.commit(units) : await commitHere(units);
    },
    close: () => thread?.close(),
  };
}

/** A libSQL file: reads and small commits in this thread, large ones beside it (docs/decisions/010). */
export function createFileDatabase(url: string, synchronous: Synchronous): NodeParts {
  const path = toPath(url);
  const options: FileConnectionOptions = { busyTimeoutMs: BUSY_TIMEOUT_MS, synchronous };
  const { connection, commit } = createFileCommitter(path, options);
  const checkFile = createFileCheck(path);
  const { commitBatch, close } = createCommit(async (units) => commit(units), {
    unitsHere: UNITS_HERE[synchronous],
    start: () => createCommitThread({ path, options }),
  });
  return {
    ...createFileOrm(connection, whileBusy),
    commitBatch: (units) =>
      whileBusy(() => {
        checkFile();
        return commitBatch(units);
      }),
    read: (sql, args = []) =>
      whileBusy(() => {
        checkFile();
        return connection.read(sql, args);
      }),
    close: async () => {
      await close();
      connection.close();
    },
  };
}
