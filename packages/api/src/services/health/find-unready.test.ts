import { afterEach, test, vi } from 'vitest';

import { createTestApi } from '../../../test/fixtures.ts';
import { createReadinessCheck } from './find-unready.ts';

afterEach(() => {
  vi.useRealTimers();
});

test('a database that answers is ready, one that refuses is not', async ({ expect }) => {
  await using api = await createTestApi();
  expect(await createReadinessCheck(api.database, null)()).toEqual([]);
  const refusing = { ...api.database, read: () => Promise.reject(new Error('gone')) };
  expect(await createReadinessCheck(refusing, null)()).toEqual(['database']);
});

test('a database that answers and did not store what it was given is not ready for 3 s', async ({
  expect,
}) => {
  await using api = await createTestApi();
  let lossAgoMs = 2_999;
  const findUnready = createReadinessCheck({ ...api.database, lossAgoMs: () => lossAgoMs }, null);
  expect(await findUnready()).toEqual(['database']);
  lossAgoMs += 1;
  expect(await findUnready()).toEqual([]);
});

test('a database that stands still is told apart after 3 s, and again once it moves', async ({ expect }) => {
  await using api = await createTestApi();
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  let isStill = true;
  const database = {
    ...api.database,
    read: (...asked: Parameters<typeof api.database.read>) =>
      isStill ? new Promise<never>(() => undefined) : api.database.read(...asked),
  };
  const findUnready = createReadinessCheck(database, null);
  const found = findUnready();
  await vi.advanceTimersByTimeAsync(3_000);
  expect(await found).toEqual(['database']);
  isStill = false;
  expect(await findUnready()).toEqual([]);
});
