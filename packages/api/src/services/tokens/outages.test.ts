import { countSessionUses } from '@ephemera/db';
import { test } from 'vitest';

import { ADA, START_MS } from '../../../test/fixtures.ts';
import type { TestClock } from '../../../test/fixtures.ts';
import type { PoolApi } from '../../../test/keyed-upstream.ts';
import { createPoolApi, hang, refusal } from '../../../test/keyed-upstream.ts';
import { MINT_POLICY } from '../../pool/mint-policy.ts';
import { createToken } from './create.ts';

const A = 'sk-CANARY-aaaaaaaaaaaaaaaaaaaa';
const B = 'sk-CANARY-bbbbbbbbbbbbbbbbbbbb';
const C = 'sk-CANARY-cccccccccccccccccccc';

async function mint(api: PoolApi): Promise<unknown> {
  return await createToken(api.as(ADA), {}).catch((error: unknown) => error);
}

async function readKey(api: PoolApi, index: number) {
  await countSessionUses(api.database);
  const [row] = await api.database.read('select * from provider_keys where id = ?', [
    api.keyIds[index] ?? null,
  ]);
  return row;
}

async function count(api: PoolApi, table: string): Promise<number> {
  const [row] = await api.database.read(`select count(*) as n from ${table}`);
  return Number(row?.['n']);
}

/** The policy in a tenth of its time: what is measured is real time. */
const FAST = { triesPerMint: 3, tryTimeoutMs: 200, totalMs: 500, loneTotalMs: 300 };

/** Two fifths of it, where a busy machine may not be so late that the time for a third try is gone. */
const UNHURRIED = { triesPerMint: 3, tryTimeoutMs: 800, totalMs: 2_000, loneTotalMs: 4_000 };

/** How late a busy machine may be; who waits for ever is later still. */
const LATE = 8;

/** Starts where the other tests do, and runs as a clock on the wall. */
function createRunningClock(): TestClock {
  const startedAt = performance.now();
  let aheadMs = 0;
  return {
    now: () => START_MS + aheadMs + Math.floor(performance.now() - startedAt),
    advance: (ms) => {
      aheadMs += ms;
    },
  };
}

async function createFastApi(secrets: readonly string[], policy = FAST): Promise<PoolApi> {
  const api = await createPoolApi(secrets, { clock: createRunningClock() });
  const { settings } = api.dependencies;
  return Object.assign(api, {
    dependencies: Object.assign(api.dependencies, { settings: { ...settings, mint: policy } }),
  });
}

test('fault 3: the policy is two seconds a try and five in all', ({ expect }) => {
  expect(MINT_POLICY).toEqual({ triesPerMint: 3, tryTimeoutMs: 2_000, totalMs: 5_000, loneTotalMs: 10_000 });
});

test('fault 3: a hung key costs a mint its time-out and no more', async ({ expect }) => {
  await using api = await createFastApi([A, B]);
  api.provider.script(A, hang);
  const startedAt = performance.now();
  expect(await mint(api)).toMatchObject({ secret: { value: 'ek_secret_1' } });
  const tookMs = performance.now() - startedAt;
  expect(tookMs).toBeGreaterThanOrEqual(FAST.tryTimeoutMs - 2);
  expect(tookMs).toBeLessThan(FAST.tryTimeoutMs * LATE);
  expect(await readKey(api, 0)).toMatchObject({ error_count: 1, last_error: 'timeout', state: 'active' });
});

test('fault 3: where every key hangs the answer comes within the time for all tries', async ({ expect }) => {
  await using api = await createFastApi([A, B, C], UNHURRIED);
  for (const secret of [A, B, C]) api.provider.script(secret, hang);
  const startedAt = performance.now();
  expect(await mint(api)).toMatchObject({ code: 'upstream_timeout', httpStatus: 504 });
  expect(api.provider.calls).toHaveLength(3);
  expect(performance.now() - startedAt).toBeLessThan(UNHURRIED.totalMs * 2);
});

test('fault 3: the breaker opens after five, and from then on a hung key costs nobody anything', async ({
  expect,
}) => {
  await using api = await createFastApi([A]);
  api.provider.script(A, hang);
  for (let index = 0; index < 5; index += 1)
    expect(await mint(api)).toMatchObject({ code: 'upstream_timeout' });
  expect(await readKey(api, 0)).toMatchObject({ state: 'cooling_down', state_reason: 'breaker' });
  const startedAt = performance.now();
  for (let index = 0; index < 20; index += 1)
    expect(await mint(api)).toMatchObject({
      code: 'no_healthy_provider_key',
      details: { retryAfterSeconds: 5 },
    });
  expect((performance.now() - startedAt) / 20).toBeLessThan(FAST.tryTimeoutMs);
  expect(api.provider.callsOf(A)).toBe(5);
});

const secretOf = (change: Record<string, unknown>) => ({
  value: 'ek_1',
  expires_at: Math.floor(Date.UTC(2026, 10, 21, 13) / 1_000),
  session: { id: 'sess_1', type: 'realtime' },
  ...change,
});

/** Fault 4. Thirty ways in which a 2xx may be no secret. */
const GARBAGE: readonly unknown[] = [
  '',
  ' ',
  '<!doctype html><html><body>Bad gateway</body></html>',
  '{"value":"ek_1","expires_at":17952',
  '[]',
  '{}',
  'null',
  'true',
  '0',
  '"ek_1"',
  'undefined',
  'NaN',
  '\u0000\u0001\u0002',
  '\uFEFF{}',
  'value=ek_1&expires_at=1',
  '{"error":{"message":"nope","type":"x"}}',
  [secretOf({})],
  secretOf({ value: undefined }),
  secretOf({ value: null }),
  secretOf({ value: 17 }),
  secretOf({ value: '' }),
  secretOf({ value: 'sk-not-ephemeral' }),
  secretOf({ value: `ek_${'x'.repeat(5_000)}` }),
  secretOf({ expires_at: undefined }),
  secretOf({ expires_at: '1795262400' }),
  secretOf({ expires_at: 0 }),
  secretOf({ expires_at: 1_795_262_399 }),
  secretOf({ expires_at: 1.5 }),
  secretOf({ session: undefined }),
  secretOf({ session: { id: '', type: 'realtime' } }),
  secretOf({ session: { id: 'sess_1', type: 'telepathy' } }),
  'x'.repeat(200_000),
];

test(`fault 4: ${GARBAGE.length} answers that are no secret never reach the caller: another key serves, or 502`, async ({
  expect,
}) => {
  for (const body of GARBAGE) {
    const name = JSON.stringify(body).slice(0, 80);
    await using alone = await createPoolApi([A]);
    alone.provider.script(A, () => ({ body }));
    expect(await mint(alone), name).toMatchObject({ code: 'upstream_invalid', httpStatus: 502 });
    await using both = await createPoolApi([A, B]);
    both.provider.script(A, () => ({ body }));
    expect(await mint(both), name).toMatchObject({ secret: { value: 'ek_secret_1' } });
    expect(both.provider.callsOf(A), name).toBe(1);
  }
});

test('fault 7: with all keys down the answer is 503 at once, with the soonest retry and no call; it heals within 5 s', async ({
  expect,
}) => {
  await using api = await createPoolApi([A, B, C]);
  for (const secret of [A, B, C]) api.provider.script(secret, refusal(500, null, { 'retry-after-ms': '0' }));
  for (let index = 0; index < 5; index += 1) await mint(api);
  expect(await count(api, "provider_keys where state = 'cooling_down' and state_reason = 'breaker'")).toBe(3);
  const callsBefore = api.provider.calls.length;
  expect(callsBefore).toBe(15);
  const took: number[] = [];
  for (let index = 0; index < 100; index += 1) {
    const startedAt = performance.now();
    expect(await mint(api)).toMatchObject({
      code: 'no_healthy_provider_key',
      httpStatus: 503,
      details: { retryAfterSeconds: 5 },
      message: expect.stringContaining(new Date(api.clock.now() + 5_000).toISOString()),
    });
    took.push(performance.now() - startedAt);
  }
  const p95Ms = took.toSorted((a, b) => a - b)[95] ?? Number.NaN;
  process.stdout.write(`fault 7: refused in ${p95Ms.toFixed(1)} ms (95th of 100)\n`);
  expect(p95Ms).toBeLessThan(MINT_POLICY.tryTimeoutMs);
  expect(api.provider.calls).toHaveLength(callsBefore);
  expect(await count(api, "sessions where reason = 'no_healthy_provider_key'")).toBe(100);

  for (const secret of [A, B, C]) api.provider.script(secret, null);
  api.clock.advance(4_999);
  expect(await mint(api)).toMatchObject({
    code: 'no_healthy_provider_key',
    details: { retryAfterSeconds: 1 },
  });
  api.clock.advance(1);
  for (let index = 0; index < 3; index += 1)
    expect(await mint(api)).toMatchObject({ model: expect.any(String) });
  // The first one probed by itself; with that key back, the others were looked at beside the mints.
  await expect.poll(() => count(api, "provider_keys where state = 'active'")).toBe(3);
});

test('an opening breaker and a recovery are in the audit, once each, as the doing of the pool', async ({
  expect,
}) => {
  await using api = await createPoolApi([A]);
  api.provider.script(A, refusal(500, null, { 'retry-after-ms': '0' }));
  for (let index = 0; index < 5; index += 1) await mint(api);
  api.provider.script(A, null);
  api.clock.advance(5_000);
  await mint(api);
  const entries = await api.database.read(
    'select actor_kind, action, target, details from audit_entries order by id',
  );
  const told = { actor_kind: 'system', target: api.keyIds[0] };
  expect(entries).toEqual([
    { ...told, action: 'provider_key.open_breaker', details: '{"from":"active","reason":"breaker"}' },
    { ...told, action: 'provider_key.recover', details: '{"from":"cooling_down","reason":"breaker"}' },
  ]);
});

test('fault 1: the mint that uses up the last key names the same wait as the ones after it', async ({
  expect,
}) => {
  for (const headers of [{}, { 'retry-after': '30' }]) {
    await using api = await createPoolApi([A, B]);
    for (const secret of [A, B])
      api.provider.script(secret, refusal(429, null, { ...headers, 'x-should-retry': 'false' }));
    const first = await mint(api);
    const next = await mint(api);
    expect(first).toMatchObject({ code: 'upstream_rate_limited' });
    expect(next).toMatchObject({ code: 'no_healthy_provider_key' });
    const told = { retryAfterSeconds: 'retry-after' in headers ? 30 : 5 };
    expect([first, next]).toMatchObject([{ details: told }, { details: told }]);
  }
});

test('fault 7: where only an operator can help, the answer says so and names no time', async ({ expect }) => {
  await using api = await createPoolApi([A]);
  api.provider.script(A, refusal(401, 'account_deactivated'));
  expect(await mint(api)).toMatchObject({ code: 'upstream_rejected' });
  const error = await mint(api);
  expect(error).toMatchObject({
    code: 'no_healthy_provider_key',
    message: expect.stringContaining('operator'),
  });
  expect(error).not.toHaveProperty('details.retryAfterSeconds');
  expect(api.provider.calls).toHaveLength(1);
});

test('fault 22: of 500 mints at the moment of half-open exactly one asks each key', async ({ expect }) => {
  await using api = await createPoolApi([A, B]);
  for (const secret of [A, B]) api.provider.script(secret, refusal(503, null, { 'retry-after-ms': '0' }));
  for (let index = 0; index < 5; index += 1) await mint(api);
  expect(await count(api, "provider_keys where state_reason = 'breaker'")).toBe(2);
  const go = Promise.withResolvers<void>();
  for (const secret of [A, B])
    api.provider.script(secret, async () => {
      await go.promise;
      return api.provider.issue();
    });
  api.clock.advance(5_000);
  const before = api.provider.calls.length;
  let answered = 0;
  const mints = Array.from({ length: 500 }, async () => {
    const result = await mint(api);
    answered += 1;
    return result;
  });
  // All but the two that probe have their answer while the provider is still silent.
  await expect.poll(() => answered).toBe(498);
  const probed = api.provider.calls.slice(before).map(({ secret }) => secret);
  expect(probed.toSorted()).toEqual([A, B]);
  go.resolve();
  const results = await Promise.all(mints);
  expect(results.filter((result) => !(result instanceof Error))).toHaveLength(2);
  expect(await count(api, "provider_keys where state = 'active' and probe_until is null")).toBe(2);
});
