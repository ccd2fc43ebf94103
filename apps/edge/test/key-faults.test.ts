import type { Fault, Simulator } from '@ephemera/openai-simulator';

import { CANARY_KEY, STORED_KEYS, type TestHost } from './support/host.ts';
import { test as base } from './support/host-test.ts';
import { addStoredKeys, readCounts } from './support/internal.ts';
import { connectOperator } from './support/trpc.ts';

const MINT = '/v1/realtime/client_secrets';
const KEYS = [CANARY_KEY, ...STORED_KEYS.slice(0, 2)];

/** Each test has three keys in use: the environment's, and two stored ones that nobody has seen before. */
const test = base.extend<{ ids: string[] }>({
  ids: async ({ host }, use) => {
    const stored = await addStoredKeys(host, 2);
    await host.post(MINT, {});
    const operator = await connectOperator(host);
    const { items } = await operator.keys.list.query({});
    const [environment] = items.filter(({ id }) => !stored.includes(id));
    if (environment === undefined || items.length > KEYS.length) throw new Error('not three keys');
    if (environment.state !== 'active') await operator.keys.enable.mutate({ id: environment.id });
    await host.simulator.admin.reset();
    await use([environment.id, ...stored]);
    await host.simulator.admin.reset();
    await removeKeys(host, stored);
  },
});

async function removeKeys(host: TestHost, ids: readonly string[]): Promise<void> {
  const operator = await connectOperator(host);
  for (const id of ids) {
    const { name } = (await operator.keys.get.query({ id })).key;
    // What is in use is not deleted.
    await operator.keys.disable.mutate({ id });
    await operator.keys.delete.mutate({ id, confirmName: name });
  }
}

/** Of the keys of a test. */
async function readAlerts(host: TestHost, ids: readonly string[]) {
  const alerts = await host.readRows('select kind, target, severity, resolved_at from alerts');
  return alerts.filter(({ target }) => ids.includes(String(target)));
}

async function setFault(simulator: Simulator, key: string, action: Fault['action']): Promise<void> {
  await simulator.admin.setFault({ match: { path: MINT, key }, times: 0, action });
}

/** How often each key was shown to the provider, by its last four characters. */
async function countCalls(simulator: Simulator): Promise<Map<string, number>> {
  const counts = new Map<string, number>();
  for (const request of await simulator.admin.requests()) {
    const end = /([\w-]{4})"/.exec(JSON.stringify(request.headers['authorization']))?.[1] ?? '';
    counts.set(end, (counts.get(end) ?? 0) + 1);
  }
  return counts;
}

/** As an operator sees it, the tries of all mints counted. */
async function getKey(host: TestHost, id = '') {
  return (await (await connectOperator(host)).keys.get.query({ id })).key;
}

async function mintMany(host: TestHost, count: number): Promise<number[]> {
  const statuses: number[] = [];
  for (let at = 0; at < count; at += 1) {
    const response = await host.post(MINT, {});
    statuses.push(response.status);
    await response.text();
  }
  return statuses;
}

test('401 on one of three keys: the very request succeeds on the next, the key is out after one call', async ({
  host,
  ids,
  expect,
}) => {
  const bad = STORED_KEYS[0];
  await setFault(host.simulator, bad, {
    kind: 'status',
    status: 401,
    body: { error: { message: `Incorrect API key provided: ${bad}`, type: 'x', code: 'invalid_api_key' } },
  });

  const statuses = await mintMany(host, 12);

  expect(statuses).toEqual(Array.from({ length: 12 }, () => 200));
  expect((await countCalls(host.simulator)).get(bad.slice(-4))).toBe(1);
  expect(await getKey(host, ids[1])).toMatchObject({
    state: 'quarantined',
    reason: 'invalid_api_key',
    errorCount: 1,
    lastError: '401 invalid_api_key',
  });
  expect(await readAlerts(host, ids)).toEqual([
    { kind: 'provider_key_quarantined', target: ids[1], severity: 'critical', resolved_at: null },
  ]);
  const audited = await host.readRows(
    `select actor_kind, target, result from audit_entries
      where action = 'provider_key.quarantine' and target in (?, ?, ?)`,
    ids,
  );
  expect(audited).toEqual([{ actor_kind: 'system', target: ids[1], result: 'ok' }]);
  const attempts = await host.readRows(
    "select attempts from sessions where attempts like '%invalid_api_key%'",
  );
  expect(attempts).toHaveLength(1);
  expect(JSON.parse(String(attempts[0]?.['attempts']))).toMatchObject([
    { keyId: ids[1], status: 401, code: 'invalid_api_key' },
    { status: 200, code: null },
  ]);
});

test('429 with retry-after-ms 1500: not used before 1.5 s, used after', async ({ host, ids, expect }) => {
  const limited = STORED_KEYS[0];
  await host.simulator.admin.setFault({
    match: { path: MINT, key: limited },
    times: 1,
    action: { kind: 'status', status: 429, retryAfterMs: 1_500 },
  });

  expect(new Set(await mintMany(host, 6))).toEqual(new Set([200]));
  const [row] = await host.readRows(
    'select state, state_reason, state_since, state_until from provider_keys where id = ?',
    [ids[1] ?? ''],
  );
  expect(row).toMatchObject({ state: 'cooling_down', state_reason: 'rate_limited' });
  const untilMs = Number(row?.['state_until']);
  expect(untilMs - Number(row?.['state_since'])).toBe(1_500);
  while (Date.now() < untilMs - 150) await mintMany(host, 1);
  expect((await countCalls(host.simulator)).get(limited.slice(-4))).toBe(1);
  // Keys without an error go first, so now it is left alone with its turn.
  const operator = await connectOperator(host);
  for (const id of ids.filter((it) => it !== ids[1])) await operator.keys.disable.mutate({ id });
  await expect.poll(() => mintMany(host, 1), { timeout: 5_000, interval: 20 }).toEqual([200]);
  expect(Date.now()).toBeGreaterThanOrEqual(untilMs);
  expect((await countCalls(host.simulator)).get(limited.slice(-4))).toBe(2);
});

test('all keys down: 503 no_healthy_provider_key that names the soonest retry, and no upstream call', async ({
  host,
  ids,
  expect,
}) => {
  for (const key of KEYS)
    await setFault(host.simulator, key, { kind: 'status', status: 429, retryAfterMs: 60_000 });
  await mintMany(host, 1);
  await host.simulator.admin.reset();
  const startedAt = performance.now();

  const response = await host.post(MINT, {});

  expect(response.status).toBe(503);
  expect(performance.now() - startedAt).toBeLessThan(5_000);
  const text = await response.text();
  expect(JSON.parse(text)).toMatchObject({
    error: {
      code: 'no_healthy_provider_key',
      message: expect.stringMatching(/tried again at \d{4}-\d\d-\d\dT/),
    },
  });
  const seconds = Number(response.headers.get('retry-after'));
  expect(seconds).toBeGreaterThan(50);
  expect(seconds).toBeLessThanOrEqual(60);
  expect(await host.simulator.admin.requests()).toEqual([]);
  const id = response.headers.get('x-broker-session-id');
  const [session] = await host.readRows('select state, reason, provider_key_id from sessions where id = ?', [
    id,
  ]);
  expect(session).toEqual({ state: 'failed', reason: 'no_healthy_provider_key', provider_key_id: null });
  expect(ids).toHaveLength(3);
});

test(
  'a hung key costs a mint no more than its time-out of 2 s',
  { timeout: 60_000 },
  async ({ host, ids, expect }) => {
    await setFault(host.simulator, STORED_KEYS[0], { kind: 'hang' });

    const slowest = { ms: 0 };
    for (let at = 0; at < 4; at += 1) {
      const startedAt = performance.now();
      expect((await mintMany(host, 1))[0]).toBe(200);
      slowest.ms = Math.max(slowest.ms, performance.now() - startedAt);
    }

    expect(slowest.ms).toBeGreaterThan(1_900);
    expect(slowest.ms).toBeLessThan(5_000);
    expect(await getKey(host, ids[1])).toMatchObject({ errorCount: 1, lastError: 'timeout' });
  },
);

test('a used-up quota: out until the next day, told apart from a limit', async ({ host, ids, expect }) => {
  await setFault(host.simulator, STORED_KEYS[0], {
    kind: 'status',
    status: 429,
    body: { error: { message: 'You exceeded your current quota', type: 'x', code: 'insufficient_quota' } },
  });

  expect(new Set(await mintMany(host, 6))).toEqual(new Set([200]));

  const [row] = await host.readRows(
    'select state, state_reason, state_until from provider_keys where id = ?',
    [ids[1] ?? ''],
  );
  expect(row).toMatchObject({ state: 'exhausted', state_reason: 'insufficient_quota' });
  expect(Number(row?.['state_until']) % 86_400_000).toBe(0);
  expect((await readAlerts(host, ids)).map(({ kind, target }) => ({ kind, target }))).toEqual([
    { kind: 'provider_key_exhausted', target: ids[1] },
  ]);
});

test('403 is no reason to ask with another key', async ({ host, ids, expect }) => {
  for (const key of KEYS) {
    await setFault(host.simulator, key, {
      kind: 'status',
      status: 403,
      body: {
        error: { message: 'Country, region, or territory not supported', type: 'x', code: 'unsupported' },
      },
    });
  }

  const response = await host.post(MINT, {});

  expect(response.status).toBe(502);
  expect(await host.simulator.admin.requests()).toHaveLength(1);
  for (const id of ids) expect((await readCounts(host, id))?.['state']).toBe('active');
});

test('a ciphertext of another row does not open: that key is out, and mints go on', async ({
  host,
  ids,
  expect,
}) => {
  const [, first = '', second = ''] = ids;
  await host.readRows(
    'update provider_keys set ciphertext = (select ciphertext from provider_keys where id = ?) where id = ?',
    [first, second],
  );

  await expect
    .poll(
      async () => {
        expect(await mintMany(host, 1)).toEqual([200]);
        return (await readCounts(host, second))?.['state_reason'];
      },
      { timeout: 8_000, interval: 100 },
    )
    .toBe('damaged');

  expect(await readCounts(host, second)).toMatchObject({ state: 'quarantined', state_reason: 'damaged' });
  expect((await readCounts(host, first))?.['state']).toBe('active');
  expect(host.logs()).not.toContain('CANARY');
});
