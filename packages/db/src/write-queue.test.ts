import { test } from 'vitest';

import type { PlainStatement } from './write-queue.ts';
import { createWriteQueue } from './write-queue.ts';

test('resolves nothing before the batch is committed', async ({ expect }) => {
  const commit = Promise.withResolvers<void>();
  let isAcked = false;
  const queue = createWriteQueue({
    schedule: (flush) => queueMicrotask(flush),
    runBatch: async (statements) => {
      await commit.promise;
      return statements.map(() => ({ rows: [], rowsAffected: 1 }));
    },
  });
  const written = queue.write({ sql: 'insert', args: [] }).then(() => (isAcked = true));
  await Promise.resolve();
  expect(isAcked).toBe(false);
  commit.resolve();
  await written;
  expect(isAcked).toBe(true);
});

test('collects what arrives during a flush into the next one', async ({ expect }) => {
  const batches: PlainStatement[][] = [];
  const first = Promise.withResolvers<void>();
  const queue = createWriteQueue({
    schedule: (flush) => queueMicrotask(flush),
    maxBatch: 3,
    runBatch: async (statements) => {
      batches.push(statements);
      if (batches.length === 1) await first.promise;
      return statements.map(() => ({ rows: [], rowsAffected: 1 }));
    },
  });
  const writes = [queue.write({ sql: 'a', args: [] })];
  await Promise.resolve();
  for (const sql of ['b', 'c', 'd', 'e']) writes.push(queue.write({ sql, args: [] }));
  first.resolve();
  await Promise.all(writes);
  expect(batches.map((batch) => batch.map((statement) => statement.sql))).toEqual([
    ['a'],
    ['b', 'c', 'd'],
    ['e'],
  ]);
});
