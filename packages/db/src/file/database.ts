import { createCommitThread } from './create-commit-thread.ts';
import type { CommitThread } from './create-commit-thread.ts';
import type { FileConnectionOptions, Synchronous } from './connection.ts';
import { createFileCommitter } from './committer.ts';
import { createFileCheck } from './identity.ts';
import { createCheckpoints } from './create-checkpoints.ts';
import { createFileOrm } from './orm.ts';
import { sleep } from '../patience.ts';
import type { NodeParts } from '../node-parts.ts';
import type { CommitBatch, WriteUnit } from '../write-queue.ts';
import { createBusyRetry } from '../write-queue-busy.ts';

/** A commit of another process on the same file takes less. The driver is synchronous: waiting stops this thread. */
const BUSY_TIMEOUT_MS = 10;

/**
 * Of more than so many units each costs as much again, and who waits for them has nothing under way meanwhile: with 256
 * callers and a provider that takes 50 ms, 3 % fewer mints. A flush of the disk a batch (FULL) is worth waiting for.
 */
const MAX_BATCH = 32;

const whileBusy = createBusyRetry({ now: () => performance.now(), sleep, random: () => Math.random() });

/** `file:relative`, `file:/absolute` and `file:///absolute` are all in use. */
function toPath(url: string): string {
  return decodeURIComponent(url.replace(/^file:(?:\/\/(?=\/))?/, ''));
}

/**
 * Where each commit waits for the disk, a thread beside this one waits. It starts with the first batch, so that a program
 * that only reads has none; until it is ready, and if it ever ends, this thread commits. The queue gives one batch after
 * the other, so that the two connections never write at once.
 */
function createCommitBeside(commitHere: CommitBatch, start: () => CommitThread) {
  let thread: CommitThread | null = null;
  return {
    commitBatch: async (units: readonly WriteUnit[]) => {
      thread ??= start();
      return thread.isReady() ? await thread.commit(units) : await commitHere(units);
    },
    close: async () => {
      await thread?.close();
    },
  };
}

/** A libSQL file (docs/decisions/010). */
export function createFileDatabase(url: string, synchronous: Synchronous): NodeParts {
  const path = toPath(url);
  const options: FileConnectionOptions = { busyTimeoutMs: BUSY_TIMEOUT_MS, synchronous };
  const { connection, commit } = createFileCommitter(path, options);
  const checkFile = createFileCheck(path);
  const commitHere: CommitBatch = async (units) => commit(units);
  const beside =
    synchronous === 'full'
      ? createCommitBeside(commitHere, () => createCommitThread({ path, options }))
      : { commitBatch: commitHere, close: () => Promise.resolve() };
  const checkpoints = createCheckpoints({ path, options });
  return {
    ...createFileOrm(connection, whileBusy),
    commitBatch: async (units) => {
      const outcomes = await whileBusy(() => {
        checkFile();
        return beside.commitBatch(units);
      });
      checkpoints.note();
      return outcomes;
    },
    ...(synchronous === 'full' ? {} : { maxBatch: MAX_BATCH }),
    read: (sql, args = []) =>
      whileBusy(() => {
        checkFile();
        return connection.read(sql, args);
      }),
    close: async () => {
      await Promise.all([beside.close(), checkpoints.close()]);
      connection.close();
    },
  };
}
