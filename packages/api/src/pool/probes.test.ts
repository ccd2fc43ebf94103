import { test } from 'vitest';

import { createTestClock } from '../../test/fixtures.ts';
import type { PoolApi } from '../../test/keyed-upstream.ts';
import { createPoolApi, hang, refusal } from '../../test/keyed-upstream.ts';
import { A, B, createSecondPool, mint, readStates } from '../../test/pools.ts';
import type { KeyCheck, KeyTester } from '../providers/key-tester.ts';

const PASS: KeyCheck = { ok: true, status: 200, latencyMs: 1 };
const TIMEOUT: KeyCheck = { ok: false, outcome: { kind: 'timeout' }, latencyMs: 2_000 };

/** Answers when the test says so. */
function createHeldTester() {
  const asked: { secret: string; timeoutMs: number | undefined; answer: (check: KeyCheck) => void }[] = [];
  const keyTester: KeyTester = {
    check: (_, secret, timeoutMs) => {
      const { promise, resolve } = Promise.withResolvers<KeyCheck>();
      asked.push({ secret, timeoutMs, answer: resolve });
      return promise;
    },
  };
  return { asked, keyTester };
}

async function breakKey(api: PoolApi, secret: string): Promise<void> {
  await api.database.write({
    sql: `update provider_keys set state = 'cooling_down', state_reason = 'breaker', state_until = ?1
      where last_four = ?2`,
    args: [api.clock.now() + 5_000, secret.slice(-4)],
  });
  api.dependencies.keyPool.invalidate();
  api.clock.advance(5_000);
}

test('while a healthy key is left, no mint asks a key whose breaker is half open: one look beside them does', async ({
  expect,
}) => {
  const { asked, keyTester } = createHeldTester();
  await using api = await createPoolApi([A, B], { keyTester });
  api.provider.script(A, hang);
  await breakKey(api, A);
  const minted = await Promise.all(Array.from({ length: 20 }, () => mint(api)));
  expect(minted.filter((result) => result instanceof Error)).toEqual([]);
  expect([api.provider.callsOf(A), api.provider.callsOf(B)]).toEqual([0, 20]);
  await expect.poll(() => asked.length).toBe(1);
  const other = createSecondPool(api);
  expect(await other.acquire('openai', { exclude: [], keyTester })).toMatchObject({ key: { secret: B } });
  expect(asked).toEqual([expect.objectContaining({ secret: A, timeoutMs: 2_000 })]);

  asked[0]?.answer(TIMEOUT);
  const openedAgain = 'select 1 from provider_keys where state_until = ?1 and probe_until is null';
  await expect.poll(() => api.database.read(openedAgain, [api.clock.now() + 5_000])).toHaveLength(1);
  await mint(api);
  expect(asked).toHaveLength(1);

  // One probe interval later it is looked at again, and is back.
  api.clock.advance(5_000);
  await mint(api);
  await expect.poll(() => asked.length).toBe(2);
  asked[1]?.answer(PASS);
  await expect.poll(() => readStates(api)).toEqual(['active', 'active']);
  expect(api.provider.callsOf(A)).toBe(0);
});

test('two processes look at a half-open key once between them', async ({ expect }) => {
  const { asked, keyTester } = createHeldTester();
  await using api = await createPoolApi([A, B], { keyTester });
  const pools = [createSecondPool(api), createSecondPool(api)];
  await breakKey(api, A);
  const looks: Promise<unknown>[] = [];
  const waitUntil = (work: Promise<unknown>) => void looks.push(work);
  for (const pool of pools) await pool.acquire('openai', { exclude: [], keyTester, waitUntil });
  await expect.poll(() => asked.length).toBe(1);
  expect(looks).toHaveLength(2);
  asked[0]?.answer(PASS);
  await Promise.all(looks);
  expect(asked).toHaveLength(1);
  expect(await readStates(api)).toEqual(['active', 'active']);
});

test('a look that fails by itself is logged, costs nobody anything, and is repeated after its lease', async ({
  expect,
}) => {
  let looks = 0;
  const keyTester: KeyTester = {
    check: () => {
      looks += 1;
      return Promise.reject(new Error('broken'));
    },
  };
  await using api = await createPoolApi([A, B], { keyTester, clock: createTestClock() });
  await breakKey(api, A);
  expect(await mint(api)).toMatchObject({ secret: { value: 'ek_secret_1' } });
  await expect.poll(() => api.logger.lines.map(({ event }) => event)).toContain('provider_key.probe_failed');
  api.clock.advance(3_000);
  await mint(api);
  await expect.poll(() => looks).toBe(2);
});

test('a try that began before the breaker opened does not put the probe off', async ({ expect }) => {
  await using api = await createPoolApi([A]);
  const { keyPool } = api.dependencies;
  const late = await keyPool.acquire('openai', { exclude: [] });
  if (late.kind === 'none') throw new Error('nothing to pick');
  api.provider.script(A, refusal(500, null, { 'retry-after-ms': '0' }));
  for (let index = 0; index < 2; index += 1) await mint(api);
  expect(await readStates(api)).toEqual(['cooling_down']);
  api.clock.advance(5_000);
  const failure = { failure: 'timeout', code: null, retryAfterMs: null } as const;
  expect(keyPool.fail(late, failure, 'req_1')).toBeNull();
  expect(await keyPool.acquire('openai', { exclude: [] })).toMatchObject({ kind: 'picked' });
});
