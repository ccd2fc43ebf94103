import { countSessionUses } from '@ephemera/db';
import { test } from 'vitest';

import { ADA } from '../../../test/fixtures.ts';
import type { PoolApi } from '../../../test/keyed-upstream.ts';
import { createPoolApi, createRandom, refusal } from '../../../test/keyed-upstream.ts';
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

test('fault 5: a 401 on one of three keys costs the request nothing; the key is out after one failure, and operators know', async ({
  expect,
}) => {
  await using api = await createPoolApi([A, B, C]);
  api.provider.script(A, refusal(401, 'invalid_api_key'));

  expect(await mint(api)).toMatchObject({ secret: { value: 'ek_secret_1' } });

  expect(api.provider.calls.map(({ secret }) => secret)).toEqual([A, B]);
  expect(await readKey(api, 0)).toMatchObject({
    state: 'quarantined',
    state_reason: 'invalid_api_key',
    state_until: null,
    usage_count: 1,
    error_count: 1,
    last_error: '401 invalid_api_key',
  });
  expect(await readKey(api, 1)).toMatchObject({ state: 'active', usage_count: 1, error_count: 0 });
  expect(await api.database.read('select kind, target, severity, resolved_at from alerts')).toEqual([
    { kind: 'provider_key_quarantined', target: api.keyIds[0], severity: 'critical', resolved_at: null },
  ]);
  expect(
    await api.database.read('select actor_kind, action, target, result, request_id from audit_entries'),
  ).toEqual([
    {
      actor_kind: 'system',
      action: 'provider_key.quarantine',
      target: api.keyIds[0],
      result: 'ok',
      request_id: 'req_test',
    },
  ]);
  const [row] = await api.database.read('select provider_key_id, attempts from sessions');
  expect(row?.['provider_key_id']).toBe(api.keyIds[1]);
  expect(JSON.parse(String(row?.['attempts']))).toEqual([
    { status: 401, code: 'invalid_api_key', durationMs: 0, keyId: api.keyIds[0], isError: true },
    { status: 200, code: null, durationMs: 0, keyId: api.keyIds[1] },
  ]);
  // No storm: an hour of mints does not touch it again.
  for (let minute = 0; minute < 60; minute += 1) {
    api.clock.advance(60_000);
    await mint(api);
  }
  expect(api.provider.callsOf(A)).toBe(1);
});

test('fault 5: many mints that meet the same revoked key raise one alert and one audit entry', async ({
  expect,
}) => {
  await using api = await createPoolApi([A, B]);
  api.provider.script(A, refusal(401, null));
  const results = await Promise.all(Array.from({ length: 50 }, () => mint(api)));
  expect(results.filter((result) => result instanceof Error)).toEqual([]);
  expect([await count(api, 'alerts'), await count(api, 'audit_entries')]).toEqual([1, 1]);
  expect(await readKey(api, 0)).toMatchObject({ state: 'quarantined', state_reason: 'key_rejected' });
});

test('fault 1: a key that answers 429 is left alone for exactly what it says, and every mint succeeds', async ({
  expect,
}) => {
  await using api = await createPoolApi([A, B]);
  api.provider.script(A, refusal(429, 'rate_limit_exceeded', { 'retry-after-ms': '1500' }));
  const limitedAt = api.clock.now();
  await mint(api);
  expect(await readKey(api, 0)).toMatchObject({
    state: 'cooling_down',
    state_reason: 'rate_limited',
    state_until: limitedAt + 1_500,
  });
  api.provider.script(A, null);
  for (let step = 0; step < 150; step += 1) {
    api.clock.advance(10);
    await mint(api);
  }
  const used = api.provider.calls.filter(({ secret }) => secret === A).map(({ atMs }) => atMs - limitedAt);
  expect(used).toEqual([0]);
  // Its one error puts it behind the other for a minute; then it takes its share again.
  for (let step = 0; step < 70; step += 1) {
    api.clock.advance(1_000);
    await mint(api);
  }
  expect(api.provider.callsOf(A)).toBeGreaterThan(2);
  expect(await count(api, "sessions where state = 'failed'")).toBe(0);
  // That it is over is said by its time: nobody writes it down.
  expect(await readKey(api, 0)).toMatchObject({ state: 'cooling_down', state_until: limitedAt + 1_500 });
});

test('a mint that fails counts its tries as well', async ({ expect }) => {
  await using api = await createPoolApi([A, B]);
  for (const secret of [A, B]) api.provider.script(secret, refusal(401, 'invalid_api_key'));
  expect(await mint(api)).toMatchObject({ code: 'upstream_rejected' });
  const counted = { usage_count: 1, error_count: 1, last_error: '401 invalid_api_key' };
  expect([await readKey(api, 0), await readKey(api, 1)]).toMatchObject([counted, counted]);
});

function median(times: readonly number[]): number {
  return times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)] ?? Number.NaN;
}

test('fault 1: a mint that falls back costs one more request upstream, and waits for nothing', async ({
  expect,
}) => {
  await using api = await createPoolApi([A, B]);
  api.provider.script(A, refusal(429, null, { 'retry-after-ms': '1' }));
  const direct: number[] = [];
  const fallenBack: number[] = [];
  for (let index = 0; index < 400; index += 1) {
    const before = api.provider.calls.length;
    const startedAt = performance.now();
    await mint(api);
    const tookMs = performance.now() - startedAt;
    (api.provider.calls.length - before === 1 ? direct : fallenBack).push(tookMs);
    // Long enough for its error to be forgotten, so that the key is asked again.
    api.clock.advance(61_000);
  }
  expect(direct.length).toBeGreaterThan(100);
  expect(fallenBack.length).toBeGreaterThan(100);
  const addedMs = median(fallenBack) - median(direct);
  process.stdout.write(`fault 1: a fallback adds ${Math.round(addedMs * 1_000)} µs (median)\n`);
  // A back-off would be half a second.
  expect(addedMs).toBeLessThan(250);
});

test('fault 1: the only key is used again at 1500 ms after its 429, and not one millisecond before', async ({
  expect,
}) => {
  await using api = await createPoolApi([A]);
  api.provider.script(A, refusal(429, null, { 'retry-after-ms': '1500', 'x-should-retry': 'false' }));
  await mint(api);
  api.provider.script(A, null);
  api.clock.advance(1_499);
  expect(await mint(api)).toMatchObject({
    code: 'no_healthy_provider_key',
    httpStatus: 503,
    details: { retryAfterSeconds: 1 },
  });
  expect(api.provider.callsOf(A)).toBe(1);
  api.clock.advance(1);
  expect(await mint(api)).toMatchObject({ secret: { value: 'ek_secret_1' } });
});

test('fault 1: keys of one limit domain share their 429s, others do not', async ({ expect }) => {
  await using api = await createPoolApi([
    { secret: A, limitDomain: 'proj-1' },
    { secret: B, limitDomain: 'proj-1' },
    { secret: C, limitDomain: 'proj-2' },
  ]);
  api.provider.script(A, refusal(429, null, { 'retry-after': '30' }));
  const untilMs = api.clock.now() + 30_000;
  for (let index = 0; index < 20; index += 1) await mint(api);
  expect(api.provider.calls.map(({ secret }) => secret)).toEqual([A, ...Array.from({ length: 20 }, () => C)]);
  const limited = { state: 'cooling_down', state_until: untilMs };
  expect(await readKey(api, 1)).toMatchObject({ ...limited, usage_count: 0, error_count: 0 });
  expect(await readKey(api, 0)).toMatchObject({ ...limited, usage_count: 1, error_count: 1 });
  expect(await readKey(api, 2)).toMatchObject({ state: 'active', usage_count: 20 });
});

// The seeds of the runs below. With three keys a mint fails where three answers in a row did.
for (const { seed, rate, promised } of [
  { seed: 20_261_122, rate: 0.1, promised: 0.999 },
  { seed: 7, rate: 0.3, promised: 0.973 },
])
  test(`fault 2: 10 000 mints at ${rate * 100} % random 5xx, seed ${seed}: ${promised * 100} % succeed within the noise of the throws, with 3 calls at most`, async ({
    expect,
  }) => {
    await using api = await createPoolApi([A, B, C]);
    const random = createRandom(seed);
    const noWait = { 'retry-after-ms': '0' };
    const statuses = [500, 502, 503];
    const flaky = (request: Parameters<ReturnType<typeof refusal>>[0]) =>
      random() < rate
        ? refusal(statuses[Math.floor(random() * 3)] ?? 500, null, noWait)(request)
        : api.provider.issue();
    for (const secret of [A, B, C]) api.provider.script(secret, flaky);
    let succeeded = 0;
    let mostCalls = 0;
    for (let index = 0; index < 10_000; index += 1) {
      const before = api.provider.calls.length;
      if (!((await mint(api)) instanceof Error)) succeeded += 1;
      mostCalls = Math.max(mostCalls, api.provider.calls.length - before);
      api.clock.advance(1);
    }
    // Three standard deviations of 10 000 throws around the promise.
    const noise = 3 * Math.sqrt((promised * (1 - promised)) / 10_000);
    expect(succeeded / 10_000).toBeGreaterThanOrEqual(promised - noise);
    expect(mostCalls).toBe(3);
    // Nobody failed who had not asked with three different keys.
    const failed = await api.database.read(
      `select (select count(distinct value ->> 'keyId') from json_each(attempts)) as keys
        from sessions where state = 'failed'`,
    );
    expect(failed).toEqual(Array.from({ length: 10_000 - succeeded }, () => ({ keys: 3 })));
    await countSessionUses(api.database);
    const [row] = await api.database.read(
      'select sum(usage_count) as uses, sum(error_count) as errors from provider_keys',
    );
    expect(row).toEqual({
      uses: api.provider.calls.length,
      errors: api.provider.calls.length - succeeded,
    });
  });

test('fault 6: a used-up quota is no rate limit: the key is out until the next UTC day, then one probe asks', async ({
  expect,
}) => {
  await using api = await createPoolApi([A, B]);
  api.provider.script(A, refusal(429, 'insufficient_quota', { 'retry-after-ms': '20' }));
  await mint(api);
  const midnight = Date.UTC(2026, 10, 22);
  expect(await readKey(api, 0)).toMatchObject({
    state: 'exhausted',
    state_reason: 'insufficient_quota',
    state_until: midnight,
  });
  expect(await api.database.read('select kind, severity from alerts')).toEqual([
    { kind: 'provider_key_exhausted', severity: 'warning' },
  ]);
  for (let hour = 12; hour < 23; hour += 1) {
    api.clock.advance(3_600_000);
    await mint(api);
  }
  expect(api.provider.callsOf(A)).toBe(1);
  api.clock.advance(3_600_000);
  await mint(api);
  expect(api.provider.callsOf(A)).toBe(2);
  expect(await readKey(api, 0)).toMatchObject({ state: 'exhausted', state_until: midnight + 86_400_000 });
  api.provider.script(A, null);
  api.clock.advance(86_400_000);
  await mint(api);
  expect(await readKey(api, 0)).toMatchObject({ state: 'active', probe_until: null });
  expect(await api.database.read('select resolved_at from alerts')).toEqual([
    { resolved_at: api.clock.now() },
  ]);
  expect(await count(api, "audit_entries where action = 'provider_key.exhaust'")).toBe(1);
});

test('a 403 neither moves to another key nor changes this one, and a request that is refused is the caller’s own', async ({
  expect,
}) => {
  for (const [status, errors] of [
    [403, 1],
    [400, 0],
    [404, 0],
    [422, 0],
  ] as const) {
    await using api = await createPoolApi([A, B]);
    api.provider.script(A, refusal(status, null));
    expect(await mint(api)).toMatchObject({ code: 'upstream_rejected', details: { provider: { status } } });
    expect(api.provider.calls).toHaveLength(1);
    expect(await readKey(api, 0)).toMatchObject({ state: 'active', usage_count: 1, error_count: errors });
  }
});

test('no key gets into a log line, an error, the audit, an alert or a session row, whatever the provider quotes', async ({
  expect,
}) => {
  await using api = await createPoolApi([A, B, C]);
  const quote = (status: number, code: string | null) => () => ({
    status,
    headers: { 'x-leak': A, 'retry-after-ms': '0' },
    body: {
      error: { message: `Incorrect API key provided: ${A}, ${B}, ${C}`, type: A, code: code ?? A, param: B },
    },
  });
  const told: unknown[] = [];
  for (const script of [
    quote(401, 'invalid_api_key'),
    quote(429, 'insufficient_quota'),
    quote(429, null),
    quote(500, null),
    quote(403, null),
    () => {
      throw new TypeError(`Bearer ${A} is an invalid header value; so are ${B} and ${C}`);
    },
  ]) {
    for (const secret of [A, B, C]) api.provider.script(secret, script);
    await api.database.write({
      sql: "update provider_keys set state = 'active', state_until = null",
      args: [],
    });
    api.dependencies.keyPool.invalidate();
    told.push(await mint(api));
  }
  expect(told.filter((error) => error instanceof Error)).toHaveLength(6);
  await countSessionUses(api.database);
  const tables = ['sessions', 'provider_keys', 'audit_entries', 'alerts'];
  const stored = await Promise.all(tables.map((table) => api.database.read(`select * from ${table}`)));
  expect(stored.map((rows) => rows.length > 0)).toEqual([true, true, true, true]);
  const errors = told.map((error) => (error instanceof Error ? [error.message, String(error.cause)] : error));
  const everything = JSON.stringify([stored, api.logger.lines, told, errors]);
  expect(everything).not.toContain('CANARY');
  for (const secret of [A, B, C]) expect(everything).not.toContain(secret.slice(-12));
});
