import { test } from 'vitest';

import type { Statement } from './statement.ts';
import type { WriteOutcome, WriteUnit } from './write-queue.ts';
import { createWriteQueue } from './write-queue.ts';

const nextMicrotask = (flush: () => void): void => queueMicrotask(flush);

function succeed(units: readonly WriteUnit[]): WriteOutcome[] {
  return units.map((unit) => ({
    ok: true,
    results: unit.map(({ sql }) => ({ rows: [{ sql }], rowsAffected: 1 })),
  }));
}

const statement = (sql: string): Statement => ({ sql, args: [] });

test('resolves nothing before the batch is committed', async ({ expect }) => {
  const commit = Promise.withResolvers<void>();
  let isAcked = false;
  const queue = createWriteQueue({
    schedule: nextMicrotask,
    commitBatch: async (units) => {
      await commit.promise;
      return succeed(units);
    },
  });
  const written = queue.write(statement('a')).then(() => (isAcked = true));
  await Promise.resolve();
  await Promise.resolve();
  expect(isAcked).toBe(false);
  commit.resolve();
  await written;
  expect(isAcked).toBe(true);
});

test('collects what arrives during a flush into the next one, up to the maximum', async ({ expect }) => {
  const batches: string[][] = [];
  const first = Promise.withResolvers<void>();
  const queue = createWriteQueue({
    schedule: nextMicrotask,
    maxBatch: 3,
    commitBatch: async (units) => {
      batches.push(units.flat().map(({ sql }) => sql));
      if (batches.length === 1) await first.promise;
      return succeed(units);
    },
  });
  const writes = [queue.write(statement('a'))];
  await Promise.resolve();
  for (const sql of ['b', 'c', 'd', 'e']) writes.push(queue.write(statement(sql)));
  first.resolve();
  const results = await Promise.all(writes);
  expect(batches).toEqual([['a'], ['b', 'c', 'd'], ['e']]);
  expect(results.map(({ rows }) => rows[0]?.['sql'])).toEqual(['a', 'b', 'c', 'd', 'e']);
});

test('a full batch is committed in the middle of the turn, what is left of it at its end', async ({
  expect,
}) => {
  const batches: string[][] = [];
  const turn = Promise.withResolvers<void>();
  const queue = createWriteQueue({
    schedule: (flush) => void turn.promise.then(flush),
    maxBatch: 2,
    commitBatch: async (units) => {
      batches.push(units.flat().map(({ sql }) => sql));
      return succeed(units);
    },
  });
  const first = [queue.write(statement('a')), queue.write(statement('b'))];
  await Promise.all(first);
  const last = queue.write(statement('c'));
  expect(batches).toEqual([['a', 'b']]);
  turn.resolve();
  await last;
  expect(batches).toEqual([['a', 'b'], ['c']]);
});

test('rejects every caller of a batch that was lost, and goes on with the next one', async ({ expect }) => {
  let flushes = 0;
  const queue = createWriteQueue({
    schedule: nextMicrotask,
    commitBatch: async (units) => {
      flushes += 1;
      if (flushes === 1) throw new Error('connection lost');
      return succeed(units);
    },
  });
  const lost = await Promise.allSettled([queue.write(statement('a')), queue.write(statement('b'))]);
  expect(lost.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  await expect(queue.write(statement('c'))).resolves.toMatchObject({ rowsAffected: 1 });
});

test('what waits for the same in vain is lost with the batch, and later ones are tried anew', async ({
  expect,
}) => {
  const batches: string[][] = [];
  const locked = Promise.withResolvers<void>();
  const queue = createWriteQueue({
    schedule: nextMicrotask,
    maxBatch: 2,
    isLostForAll: (error) => error instanceof RangeError,
    commitBatch: async (units) => {
      batches.push(units.flat().map(({ sql }) => sql));
      if (batches.length === 1) await locked.promise;
      return succeed(units);
    },
  });
  const writes = ['a', 'b', 'c', 'd', 'e'].map((sql) => queue.write(statement(sql)));
  const settled = Promise.allSettled(writes);
  locked.reject(new RangeError('locked'));
  expect((await settled).map(({ status }) => status)).toEqual(Array.from({ length: 5 }, () => 'rejected'));
  await queue.drain();
  await expect(queue.write(statement('f'))).resolves.toMatchObject({ rowsAffected: 1 });
  expect(batches).toEqual([['a', 'b'], ['f']]);
});

test('drains: waits for what is queued', async ({ expect }) => {
  const seen: string[] = [];
  const queue = createWriteQueue({
    schedule: nextMicrotask,
    commitBatch: async (units) => {
      seen.push(...units.flat().map(({ sql }) => sql));
      return succeed(units);
    },
  });
  const written = queue.write(statement('a'));
  await queue.drain();
  expect(seen).toEqual(['a']);
  await written;
  await expect(queue.drain()).resolves.toBeUndefined();
});

test.for([
  { callers: 2, maxBatch: 128, what: 'two callers' },
  { callers: 8, maxBatch: 2, what: 'callers who fill batch after batch' },
])(
  '$what who write again as soon as they are answered leave the event loop its turns',
  async ({ callers, maxBatch }, { expect }) => {
    const queue = createWriteQueue({
      commitBatch: async (units) => succeed(units),
      schedule: (flush) => void setImmediate(flush),
      maxBatch,
    });
    const loop = { hasTicked: false };
    setTimeout(() => (loop.hasTicked = true), 1);
    let writes = 0;
    const writeOn = async (): Promise<void> => {
      while (!loop.hasTicked && writes < 100_000) {
        writes += 1;
        await queue.write({ sql: 'select 1', args: [] });
      }
    };
    await Promise.all(Array.from({ length: callers }, writeOn));
    expect(loop.hasTicked).toBe(true);
  },
);

test('a unit of several statements is one entry of the batch and gets a result for each', async ({
  expect,
}) => {
  const batches: string[][][] = [];
  const queue = createWriteQueue({
    schedule: nextMicrotask,
    commitBatch: async (units) => {
      batches.push(units.map((unit) => unit.map(({ sql }) => sql)));
      return succeed(units);
    },
  });
  const [alone, both, none] = await Promise.all([
    queue.write(statement('a')),
    queue.writeAll([statement('b'), statement('c')]),
    queue.writeAll([]),
  ]);
  expect(batches).toEqual([[['a'], ['b', 'c']]]);
  expect(alone.rows).toEqual([{ sql: 'a' }]);
  expect(both.map(({ rows }) => rows)).toEqual([[{ sql: 'b' }], [{ sql: 'c' }]]);
  expect(none).toEqual([]);
});

test('a batch without an answer for a unit rejects its caller', async ({ expect }) => {
  const queue = createWriteQueue({ schedule: nextMicrotask, commitBatch: async () => [] });
  await expect(queue.write(statement('a'))).rejects.toThrow('no answer');
  await expect(queue.writeAll([statement('a'), statement('b')])).rejects.toThrow('no answer');
});
