import { test } from 'vitest';

import { ADA } from '../../test/fixtures.ts';
import { createPoolApi, hang, refusal, storeKey } from '../../test/keyed-upstream.ts';
import { A, B, C, NOTHING_TRIED, mint, createSecondPool, pick, readStates } from '../../test/pools.ts';
import { createToken } from '../services/tokens/create.ts';
import type { Picked } from './key-pool.ts';

function countBy(picks: readonly Picked[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { key } of picks) counts[key.secret] = (counts[key.secret] ?? 0) + 1;
  return counts;
}

test('a warm pool picks at once, without a look at the database', async ({ expect }) => {
  await using api = await createPoolApi(
    Array.from({ length: 20 }, (_, index) => `sk-key-of-the-pool-${index}`),
  );
  const { keyPool } = api.dependencies;
  keyPool.release(await pick(keyPool));
  await api.database.close();
  for (let index = 0; index < 10_000; index += 1) {
    const picked = keyPool.acquire('openai', NOTHING_TRIED);
    if (picked instanceof Promise || picked.kind === 'none') throw new Error('not at once');
    keyPool.succeed(picked, 'req_1');
  }
  const picked = keyPool.acquire('openai', NOTHING_TRIED);
  expect(picked).toMatchObject({ kind: 'picked' });
});

test('callers at the same moment spread over the keys, by weight and by open sessions', async ({
  expect,
}) => {
  await using even = await createPoolApi([A, B, C]);
  const { keyPool } = even.dependencies;
  await pick(keyPool);
  const picks = await Promise.all(Array.from({ length: 299 }, () => pick(keyPool)));
  expect(Object.values(countBy(picks)).every((uses) => uses >= 99 && uses <= 100)).toBe(true);

  await using weighted = await createPoolApi([{ secret: A, weight: 3 }, B]);
  await pick(weighted.dependencies.keyPool);
  const byWeight = await Promise.all(Array.from({ length: 399 }, () => pick(weighted.dependencies.keyPool)));
  const { [A]: heavy = 0 } = countBy(byWeight);
  expect(Math.abs(heavy - 300)).toBeLessThanOrEqual(2);

  await using busy = await createPoolApi([A, B]);
  for (let index = 0; index < 20; index += 1) await mint(busy);
  await busy.database.write({
    sql: "update sessions set state = 'connected', connected_at = issued_at where provider_key_id = ?",
    args: [busy.keyIds[0] ?? null],
  });
  busy.dependencies.keyPool.invalidate();
  const aroundCalls = await Promise.all(Array.from({ length: 10 }, () => pick(busy.dependencies.keyPool)));
  expect(countBy(aroundCalls)).toEqual({ [B]: 10 });
});

test('a key that fails now and then is used less, and only for a while', async ({ expect }) => {
  await using api = await createPoolApi([A, B]);
  api.provider.script(A, refusal(500, null, { 'retry-after-ms': '0' }));
  await mint(api);
  api.provider.script(A, null);
  for (let index = 0; index < 50; index += 1) await mint(api);
  expect(api.provider.callsOf(A)).toBe(1);
  api.clock.advance(61_000);
  for (let index = 0; index < 50; index += 1) await mint(api);
  expect(api.provider.callsOf(A)).toBeGreaterThan(1);
});

test('a new key gets its share, and not every request until it has caught up', async ({ expect }) => {
  await using api = await createPoolApi([A, B]);
  for (let index = 0; index < 200; index += 1) await mint(api);
  await storeKey(api, { secret: C });
  for (let index = 0; index < 90; index += 1) await mint(api);
  expect(api.provider.callsOf(C)).toBeGreaterThanOrEqual(29);
  expect(api.provider.callsOf(C)).toBeLessThanOrEqual(31);
});

test('fault 22: two processes at the moment of half-open still send one probe a key', async ({ expect }) => {
  await using api = await createPoolApi([A]);
  api.provider.script(A, refusal(500, null, { 'retry-after-ms': '0' }));
  for (let index = 0; index < 2; index += 1) await mint(api);
  expect(await readStates(api)).toEqual(['cooling_down']);
  const pools = [api.dependencies.keyPool, createSecondPool(api)];
  api.clock.advance(5_000);
  const results = await Promise.all(
    Array.from({ length: 500 }, async (_, index) => pools[index % 2]?.acquire('openai', NOTHING_TRIED)),
  );
  const probes = results.filter((result) => result?.kind === 'picked');
  expect(probes).toEqual([expect.objectContaining({ probeUntilMs: api.clock.now() + 11_000 })]);
  expect(results.filter((result) => result?.kind === 'none')).toHaveLength(499);
});

test('a probe whose process died is given to another after its lease', async ({ expect }) => {
  await using api = await createPoolApi([A]);
  api.provider.script(A, refusal(500, null, { 'retry-after-ms': '0' }));
  for (let index = 0; index < 2; index += 1) await mint(api);
  api.clock.advance(5_000);
  const other = createSecondPool(api);
  expect(await other.acquire('openai', NOTHING_TRIED)).toMatchObject({ kind: 'picked' });
  const leaseEnd = api.clock.now() + 11_000;
  const { keyPool } = api.dependencies;
  keyPool.invalidate();
  expect(await keyPool.acquire('openai', NOTHING_TRIED)).toEqual({
    kind: 'none',
    isEmpty: false,
    soonestRetryAtMs: leaseEnd,
  });
  api.clock.advance(11_000);
  expect(await keyPool.acquire('openai', NOTHING_TRIED)).toMatchObject({ kind: 'picked' });
});

test('what one process learns, the others know within a second', async ({ expect }) => {
  await using api = await createPoolApi([A, B]);
  const other = createSecondPool(api);
  other.release(await pick(other));
  api.provider.script(A, refusal(401, 'invalid_api_key'));
  await mint(api);
  api.clock.advance(1_000);
  // The first caller after that second sees to the look, and is not kept waiting for it.
  const looks: Promise<unknown>[] = [];
  const served = other.acquire('openai', { exclude: [], waitUntil: (work) => void looks.push(work) });
  expect(served).toMatchObject({ kind: 'picked' });
  expect(looks).toHaveLength(1);
  await Promise.all(looks);
  const picks = await Promise.all(Array.from({ length: 10 }, () => pick(other)));
  expect(countBy(picks)).toEqual({ [B]: 10 });
});

test('what is known for too long is looked at before anybody is served', async ({ expect }) => {
  await using api = await createPoolApi([A, B]);
  const { keyPool } = api.dependencies;
  await mint(api);
  await api.database.write({
    sql: "update provider_keys set state = 'disabled', state_reason = 'operator' where id = ?",
    args: [api.keyIds[0] ?? null],
  });
  api.clock.advance(2_000);
  const picks = [await pick(keyPool), await pick(keyPool), await pick(keyPool)];
  expect(countBy(picks)).toEqual({ [B]: 3 });
});

test('nobody is told that there is nothing by a view that is a second old: another process may have enabled a key', async ({
  expect,
}) => {
  await using api = await createPoolApi([A]);
  const { keyPool } = api.dependencies;
  const setState = async (state: string) =>
    await api.database.write({ sql: 'update provider_keys set state = ?1', args: [state] });
  await setState('disabled');
  keyPool.invalidate();
  expect(await keyPool.acquire('openai', NOTHING_TRIED)).toMatchObject({ kind: 'none' });
  await setState('active');
  api.clock.advance(1_000);
  expect((await pick(keyPool)).key.secret).toBe(A);
});

test('a worse state that another process wrote is not undone by an older view', async ({ expect }) => {
  await using api = await createPoolApi([A, B]);
  await mint(api);
  await mint(api);
  await api.database.write({
    sql: "update provider_keys set state = 'disabled', state_reason = 'operator', state_since = 5 where id = ?",
    args: [api.keyIds[0] ?? null],
  });
  for (const script of [refusal(429, null), refusal(401, null), refusal(429, 'insufficient_quota')]) {
    api.provider.script(A, script);
    await mint(api);
  }
  const [row] = await api.database.read('select state, state_since from provider_keys where id = ?', [
    api.keyIds[0] ?? null,
  ]);
  expect(row).toEqual({ state: 'disabled', state_since: 5 });
  expect(await api.database.read('select id from alerts')).toEqual([]);
});

test('a rotated key serves until its overlap ends, to the millisecond', async ({ expect }) => {
  await using api = await createPoolApi([A, B]);
  const drainAt = api.clock.now() + 500;
  await api.database.write({
    sql: 'update provider_keys set drain_at = ? where id = ?',
    args: [drainAt, api.keyIds[0] ?? null],
  });
  const { keyPool } = api.dependencies;
  const before = [await pick(keyPool), await pick(keyPool)];
  expect(countBy(before)).toEqual({ [A]: 1, [B]: 1 });
  api.clock.advance(500);
  const after = [await pick(keyPool), await pick(keyPool), await pick(keyPool)];
  expect(countBy(after)).toEqual({ [B]: 3 });
});

test('without a database nobody is asked; with one that is lost later, what is known serves on', async ({
  expect,
}) => {
  await using api = await createPoolApi([A]);
  const { keyPool } = api.dependencies;
  const fresh = createSecondPool(api);
  keyPool.release(await pick(keyPool));
  await api.database.write({ sql: 'alter table provider_keys rename to lost', args: [] });
  await expect(fresh.acquire('openai', NOTHING_TRIED)).rejects.toMatchObject({ code: 'unavailable' });
  api.clock.advance(60_000);
  expect((await pick(keyPool)).key.secret).toBe(A);
  expect(api.logger.lines.filter(({ event }) => event === 'provider_keys.not_refreshed')).toHaveLength(1);
});

test('a change that nobody commits, since its request died, is forgotten for what the rows say', async ({
  expect,
}) => {
  await using api = await createPoolApi([A, B]);
  const { keyPool } = api.dependencies;
  const picked = await pick(keyPool);
  keyPool.fail(picked, { failure: 'key_rejected', code: null, retryAfterMs: null }, 'req_1');
  api.clock.advance(20_000);
  expect((await pick(keyPool)).key.secret).toBe(B);
  expect((await pick(keyPool)).alternatives).toBe(0);
  api.clock.advance(10_000);
  expect((await pick(keyPool)).alternatives).toBe(1);
});

test('a limit that is met again and again is one entry of the audit, and one statement each time', async ({
  expect,
}) => {
  await using api = await createPoolApi([A]);
  const { keyPool } = api.dependencies;
  const units: number[] = [];
  for (const waitMs of [0, 1_000, 59_000, 1_000, 61_000]) {
    api.clock.advance(waitMs);
    const failure = { failure: 'rate_limited', code: null, retryAfterMs: 1_000 } as const;
    const settled = keyPool.fail(await pick(keyPool), failure, 'req_1');
    await api.database.writeAll(settled?.statements ?? []);
    settled?.finish();
    units.push(settled?.statements.length ?? 0);
  }
  expect(units).toEqual([2, 1, 1, 1, 2]);
  const entries = await api.database.read('select action from audit_entries');
  expect(entries).toEqual([{ action: 'provider_key.cool_down' }, { action: 'provider_key.cool_down' }]);
  expect(api.logger.lines.filter(({ event }) => event === 'provider_key.changed')).toHaveLength(2);
});

test('five failures among successes are no outage, five after a second of silence are', async ({
  expect,
}) => {
  await using api = await createPoolApi([A]);
  const { keyPool } = api.dependencies;
  const failure = { failure: 'server_error', code: null, retryAfterMs: null } as const;
  const fail = async () => {
    const settled = keyPool.fail(await pick(keyPool), failure, 'req_1');
    await api.database.writeAll(settled?.statements ?? []);
    settled?.finish();
    return settled;
  };
  keyPool.succeed(await pick(keyPool), 'req_1');
  for (let index = 0; index < 9; index += 1) {
    api.clock.advance(100);
    expect(await fail()).toBeNull();
  }
  expect(await fail()).toBeNull();
  api.clock.advance(100);
  expect(await fail()).not.toBeNull();
  expect(await keyPool.acquire('openai', NOTHING_TRIED)).toMatchObject({
    kind: 'none',
    soonestRetryAtMs: api.clock.now() + 5_000,
  });
});

test('a hung mint holds nobody else up', async ({ expect }) => {
  await using api = await createPoolApi([A, B]);
  api.provider.script(A, hang);
  const hung = createToken(api.as(ADA), {});
  await expect.poll(() => api.provider.callsOf(A)).toBe(1);
  // In flight, it counts as load: the next ones go elsewhere.
  expect(await mint(api)).toMatchObject({ secret: { value: 'ek_secret_1' } });
  expect(api.provider.calls.map(({ secret }) => secret)).toEqual([A, B]);
  expect(await hung).toMatchObject({ secret: { value: 'ek_secret_2' } });
});
