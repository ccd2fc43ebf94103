import { test } from 'vitest';

import { createBusyRetry } from './write-queue-busy.ts';

class SqliteError extends Error {
  readonly code: string;
  constructor(code: string) {
    super(code);
    this.code = code;
  }
}

/** A clock that only a pause moves. */
function createRetry() {
  const pauses: number[] = [];
  let nowMs = 0;
  const retry = createBusyRetry({
    now: () => nowMs,
    random: () => 1,
    sleep: async (ms) => {
      pauses.push(ms);
      nowMs += ms;
    },
  });
  return { retry, pauses, elapsedMs: () => nowMs };
}

test('what succeeds is run once, without a pause', async ({ expect }) => {
  const { retry, pauses } = createRetry();
  let runs = 0;
  expect(await retry(() => (runs += 1))).toBe(1);
  expect(pauses).toEqual([]);
});

test('what is busy is run again after pauses that grow to a tenth of a second', async ({ expect }) => {
  const { retry, pauses } = createRetry();
  let runs = 0;
  const outcome = await retry(async () => {
    runs += 1;
    if (runs <= 12) throw new SqliteError(runs % 2 === 0 ? 'SQLITE_BUSY' : 'SQLITE_BUSY_SNAPSHOT');
    return 'done';
  });
  expect([outcome, runs]).toEqual(['done', 13]);
  expect(pauses).toEqual(pauses.toSorted((a, b) => a - b));
  expect([pauses[0], pauses.at(-1)]).toEqual([2, 100]);
});

test('after 5 s it gives up with the error of SQLite', async ({ expect }) => {
  const { retry, elapsedMs } = createRetry();
  const busy = new SqliteError('SQLITE_BUSY');
  await expect(retry(() => Promise.reject(busy))).rejects.toBe(busy);
  expect(elapsedMs()).toBeGreaterThan(4_800);
  expect(elapsedMs()).toBeLessThanOrEqual(5_000);
});

test('any other failure is told at once', async ({ expect }) => {
  const { retry, pauses } = createRetry();
  for (const error of [new SqliteError('SQLITE_CONSTRAINT'), new Error('gone')])
    await expect(retry(() => Promise.reject(error))).rejects.toBe(error);
  expect(pauses).toEqual([]);
});
