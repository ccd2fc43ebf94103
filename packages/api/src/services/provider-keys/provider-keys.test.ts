import { test as base } from 'vitest';

import type { TestApi } from '../../../test/fixtures.ts';
import { ADA, createTestApi, NOBODY, OPERATOR, SERVICE } from '../../../test/fixtures.ts';
import type { Actor } from '../../context.ts';
import { addProviderKey } from './add.ts';
import { deleteProviderKey } from './delete.ts';
import { disableProviderKey } from './disable.ts';
import { drainProviderKey } from './drain.ts';
import { enableProviderKey } from './enable.ts';
import { getProviderKey } from './get.ts';
import { listProviderKeys } from './list.ts';
import { rewrapStoredKeys } from './rewrap-stored.ts';
import { rotateProviderKey } from './rotate.ts';
import { testCandidateKey } from './test-candidate.ts';
import { testProviderKey } from './test.ts';
import { getUsageSeries } from './usage-series.ts';

const KEY = 'sk-CANARY-stored-key-0001';
const OTHER_KEY = 'sk-CANARY-stored-key-0002';

const test = base.extend<{ api: TestApi }>({
  // oxlint-disable-next-line no-empty-pattern -- because vitest reads the fixtures a fixture needs from its pattern
  api: async ({}, use) => {
    await using api = await createTestApi({ environmentKeys: [] });
    await use(api);
  },
});

async function add(api: TestApi, key = KEY, name = 'Main') {
  return (await addProviderKey(api.as(OPERATOR), { provider: 'openai', name, key })).key;
}

async function readAudit(api: TestApi) {
  return await api.database.read(
    'select action, actor_kind, actor_id, target, result, details from audit_entries order by id',
  );
}

async function connectSession(api: TestApi, keyId: string): Promise<void> {
  await api.database.write({
    sql: `insert into sessions (id, user_id, state, kind, request_id, issued_at, connected_at, provider_key_id)
      values (?1, 'user-ada', 'connected', 'realtime', 'req_1', ?2, ?2, ?3)`,
    args: [`ses_${keyId}`, api.clock.now(), keyId],
  });
}

const VERBS: readonly { name: string; call: (api: TestApi, actor: Actor) => Promise<unknown> }[] = [
  { name: 'list', call: (api, actor) => listProviderKeys(api.as(actor), {}) },
  { name: 'get', call: (api, actor) => getProviderKey(api.as(actor), { id: 'pkey_x' }) },
  {
    name: 'add',
    call: (api, actor) => addProviderKey(api.as(actor), { provider: 'openai', name: 'x', key: KEY }),
  },
  { name: 'test', call: (api, actor) => testProviderKey(api.as(actor), { id: 'pkey_x' }) },
  {
    name: 'testCandidate',
    call: (api, actor) => testCandidateKey(api.as(actor), { provider: 'openai', key: KEY }),
  },
  {
    name: 'rotate',
    call: (api, actor) => rotateProviderKey(api.as(actor), { id: 'pkey_x', key: KEY, overlapSeconds: 0 }),
  },
  { name: 'disable', call: (api, actor) => disableProviderKey(api.as(actor), { id: 'pkey_x' }) },
  { name: 'enable', call: (api, actor) => enableProviderKey(api.as(actor), { id: 'pkey_x' }) },
  { name: 'drain', call: (api, actor) => drainProviderKey(api.as(actor), { id: 'pkey_x' }) },
  {
    name: 'delete',
    call: (api, actor) => deleteProviderKey(api.as(actor), { id: 'pkey_x', confirmName: 'x' }),
  },
  { name: 'usage', call: (api, actor) => getUsageSeries(api.as(actor), { id: 'pkey_x', hours: 1 }) },
  { name: 'rewrap', call: (api, actor) => rewrapStoredKeys(api.as(actor), {}) },
];

for (const { name, call } of VERBS) {
  test(`${name} refuses everybody but an operator, writes nothing and asks nobody`, async ({
    api,
    expect,
  }) => {
    await expect(call(api, ADA)).rejects.toMatchObject({ code: 'forbidden' });
    await expect(call(api, NOBODY)).rejects.toMatchObject({ code: 'unauthenticated' });
    await expect(call(api, SERVICE)).rejects.toMatchObject({ code: 'unauthenticated' });
    expect(await readAudit(api)).toEqual([]);
    expect(await api.database.read('select id from provider_keys')).toEqual([]);
    expect(api.upstream.requests).toEqual([]);
  });
}

for (const { name, call } of VERBS.filter(({ name: verb }) => !/list|add|testCandidate|rewrap/.test(verb))) {
  test(`${name} of a key that there is not is not found`, async ({ api, expect }) => {
    await expect(call(api, OPERATOR)).rejects.toMatchObject({ code: 'not_found' });
  });
}

test('an added key is stored sealed, shown by its end alone and audited', async ({ api, expect }) => {
  const { key, test: tested } = await addProviderKey(api.as(OPERATOR), {
    provider: 'openai',
    name: 'Main',
    key: KEY,
    limitDomain: 'proj_1',
    weight: 3,
  });

  expect(tested).toBeNull();
  expect(key).toMatchObject({
    id: expect.stringMatching(/^pkey_[0-9a-z]{26}$/),
    provider: 'openai',
    providerName: 'OpenAI',
    name: 'Main',
    source: 'stored',
    limitDomain: 'proj_1',
    lastFour: '0001',
    state: 'active',
    reason: null,
    until: null,
    weight: 3,
    usageCount: 0,
    kekVersion: 1,
    isOutdatedKek: false,
    isConfigured: true,
    isDemo: false,
    errorSeries24h: Array.from({ length: 24 }, () => 0),
  });
  const [row] = await api.database.read('select * from provider_keys');
  expect(JSON.stringify(row)).not.toContain('CANARY');
  expect(JSON.stringify(key)).not.toContain('CANARY');
  expect(await readAudit(api)).toEqual([
    {
      action: 'provider_key.add',
      actor_kind: 'user',
      actor_id: OPERATOR.kind === 'user' ? OPERATOR.id : '',
      target: key.id,
      result: 'ok',
      details: '{"provider":"openai"}',
    },
  ]);
});

test('the same key twice is a conflict that names the first, also under concurrency', async ({
  api,
  expect,
}) => {
  const results = await Promise.allSettled(
    Array.from({ length: 8 }, (_, index) => add(api, KEY, `Key ${index}`)),
  );

  expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  for (const result of results) {
    if (result.status === 'rejected') {
      expect(result.reason).toMatchObject({
        code: 'conflict',
        message: expect.stringMatching(/in the pool already, as "Key \d"/),
        details: { param: 'key' },
      });
    }
  }
  expect(await readAudit(api)).toHaveLength(1);
});

test('a key of the wrong shape or of an unknown provider is refused without being repeated', async ({
  api,
  expect,
}) => {
  const shape = addProviderKey(api.as(OPERATOR), { provider: 'openai', name: 'x', key: 'CANARY-not-a-key' });
  await expect(shape).rejects.toMatchObject({ code: 'invalid_request', details: { param: 'key' } });
  await expect(shape).rejects.not.toHaveProperty('message', expect.stringContaining('CANARY'));
  await expect(
    addProviderKey(api.as(OPERATOR), { provider: 'nobody', name: 'x', key: KEY }),
  ).rejects.toMatchObject({ code: 'invalid_request', details: { param: 'provider' } });
});

test('without a keyring nothing can be stored, and the list says so', async ({ expect }) => {
  await using api = await createTestApi({ environmentKeys: [], keyring: null });

  await expect(add(api)).rejects.toMatchObject({
    code: 'unavailable',
    message: expect.stringContaining('KEYRING'),
  });
  expect((await listProviderKeys(api.as(OPERATOR), {})).canStore).toBe(false);
});

test('a keyring that does not fit what is stored seals nothing new', async ({ api, expect }) => {
  const { id } = await add(api);
  await api.database.write({
    sql: 'update provider_keys set kek_version = 9 where id = ?1',
    args: [id],
  });

  await expect(add(api, OTHER_KEY)).rejects.toMatchObject({
    code: 'unavailable',
    message: expect.stringContaining('version 9'),
  });
});

test('an added key that the provider rejects is there, in quarantine, with an alert', async ({
  api,
  expect,
}) => {
  api.upstream.answer(() => ({
    status: 401,
    body: { error: { message: `Incorrect API key provided: ${KEY}`, type: 'x', code: 'invalid_api_key' } },
  }));

  const { key, test: tested } = await addProviderKey(api.as(OPERATOR), {
    provider: 'openai',
    name: 'Main',
    key: KEY,
    test: true,
  });

  expect(tested).toMatchObject({ ok: false, code: 'invalid_api_key', status: 401 });
  expect(key).toMatchObject({ state: 'quarantined', reason: 'invalid_api_key' });
  const { alerts } = await listProviderKeys(api.as(OPERATOR), {});
  expect(alerts).toMatchObject([{ kind: 'provider_key_quarantined', keyId: key.id, keyName: 'Main' }]);
  const sinks = [
    await readAudit(api),
    await api.database.read('select * from alerts'),
    api.logger.lines,
    tested,
  ];
  expect(JSON.stringify(sinks)).not.toContain('CANARY');
});

test('a test that passes heals the key and closes its alert; it mints nothing', async ({ api, expect }) => {
  const { id } = await add(api);
  api.upstream.answer(() => ({
    status: 401,
    body: { error: { message: 'no', type: 'x', code: 'invalid_api_key' } },
  }));
  await testProviderKey(api.as(OPERATOR), { id });
  api.clock.advance(1_000);

  const { key, test: tested } = await testProviderKey(api.as(OPERATOR), { id });

  expect(tested).toEqual({ ok: true, code: null, message: 'The key works.', latencyMs: 0, status: 200 });
  expect(key).toMatchObject({ state: 'active', reason: null, usageCount: 0 });
  expect((await listProviderKeys(api.as(OPERATOR), {})).alerts).toEqual([]);
  expect(api.upstream.requests.map(({ method, url }) => `${method} ${url}`)).toEqual([
    'GET https://upstream.test/v1/models',
    'GET https://upstream.test/v1/models',
  ]);
});

test('a test that fails acts as its class: a limit cools down for what the provider says', async ({
  api,
  expect,
}) => {
  const { id } = await add(api);
  api.upstream.answer(() => ({
    status: 429,
    body: { error: { message: 'slow down', type: 'x', code: 'rate_limit_exceeded' } },
    headers: { 'retry-after-ms': '1500' },
  }));

  const { key } = await testProviderKey(api.as(OPERATOR), { id });

  expect(key).toMatchObject({
    state: 'cooling_down',
    reason: 'rate_limited',
    until: new Date(api.clock.now() + 1_500).toISOString(),
  });
  api.clock.advance(1_500);
  expect((await getProviderKey(api.as(OPERATOR), { id })).key.state).toBe('active');
});

test('a candidate is tested and nothing of it is kept', async ({ api, expect }) => {
  expect(await testCandidateKey(api.as(OPERATOR), { provider: 'openai', key: KEY })).toMatchObject({
    ok: true,
  });
  expect(api.upstream.requests[0]?.headers['authorization']).toBe(`Bearer ${KEY}`);
  expect(await api.database.read('select * from provider_keys')).toEqual([]);
  expect(JSON.stringify([await readAudit(api), api.logger.lines])).not.toContain('CANARY');
  await expect(
    testCandidateKey(api.as(OPERATOR), { provider: 'gemini', key: 'AIza0123456789abcdef0123' }),
  ).rejects.toMatchObject({ code: 'invalid_request', details: { param: 'provider' } });
});

test('rotation: both keys for the overlap, then the old one drains, then it is off', async ({
  api,
  expect,
}) => {
  const old = await add(api);

  const rotated = await rotateProviderKey(api.as(OPERATOR), {
    id: old.id,
    key: OTHER_KEY,
    overlapSeconds: 600,
    test: true,
  });

  expect(rotated.test).toMatchObject({ ok: true });
  expect(rotated.key).toMatchObject({ name: 'Main', replaces: old.id, state: 'active', lastFour: '0002' });
  expect(rotated.old).toMatchObject({
    state: 'active',
    replacedBy: rotated.key.id,
    drainAt: new Date(api.clock.now() + 600_000).toISOString(),
  });
  api.clock.advance(600_000);
  expect((await getProviderKey(api.as(OPERATOR), { id: old.id })).key).toMatchObject({
    state: 'draining',
    reason: 'rotated',
  });
  api.clock.advance(3_600_000);
  expect((await getProviderKey(api.as(OPERATOR), { id: old.id })).key).toMatchObject({ state: 'disabled' });
  expect((await readAudit(api)).map(({ action, target }) => [action, target])).toEqual([
    ['provider_key.add', old.id],
    ['provider_key.rotate', old.id],
    ['provider_key.add', rotated.key.id],
  ]);
});

test('a rotation to a key that the provider rejects, or that is known, changes nothing', async ({
  api,
  expect,
}) => {
  const old = await add(api);
  await add(api, OTHER_KEY, 'Second');
  api.upstream.answer(() => ({
    status: 401,
    body: { error: { message: 'no', type: 'x', code: 'invalid_api_key' } },
  }));
  const before = await api.database.read('select * from provider_keys order by id');

  await expect(
    rotateProviderKey(api.as(OPERATOR), {
      id: old.id,
      key: 'sk-CANARY-third',
      overlapSeconds: 0,
      test: true,
    }),
  ).rejects.toMatchObject({ code: 'invalid_request', details: { param: 'key' } });
  await expect(
    rotateProviderKey(api.as(OPERATOR), { id: old.id, key: OTHER_KEY, overlapSeconds: 0 }),
  ).rejects.toMatchObject({ code: 'conflict', message: expect.stringContaining('"Second"') });
  expect(await api.database.read('select * from provider_keys order by id')).toEqual(before);
});

test('a key on its way out is not rotated a second time', async ({ api, expect }) => {
  const old = await add(api);
  await rotateProviderKey(api.as(OPERATOR), { id: old.id, key: OTHER_KEY, overlapSeconds: 60 });

  await expect(
    rotateProviderKey(api.as(OPERATOR), { id: old.id, key: 'sk-CANARY-third', overlapSeconds: 60 }),
  ).rejects.toMatchObject({ code: 'conflict' });
});

test('disable, enable and drain: state, reason, audit', async ({ api, expect }) => {
  const { id } = await add(api);

  expect((await disableProviderKey(api.as(OPERATOR), { id })).key).toMatchObject({
    state: 'disabled',
    reason: 'operator',
  });
  api.clock.advance(1_000);
  expect((await enableProviderKey(api.as(OPERATOR), { id })).key).toMatchObject({
    state: 'active',
    since: new Date(api.clock.now()).toISOString(),
  });
  const { key } = await drainProviderKey(api.as(OPERATOR), { id, seconds: 60 });
  expect(key).toMatchObject({ state: 'draining', until: new Date(api.clock.now() + 60_000).toISOString() });
  api.clock.advance(60_000);
  expect((await getProviderKey(api.as(OPERATOR), { id })).key.state).toBe('disabled');
  expect((await enableProviderKey(api.as(OPERATOR), { id })).key.state).toBe('active');
  expect((await getProviderKey(api.as(OPERATOR), { id })).events.map(({ action }) => action)).toEqual([
    'provider_key.enable',
    'provider_key.drain',
    'provider_key.enable',
    'provider_key.disable',
    'provider_key.add',
  ]);
});

test('delete needs the typed name, and waits for calls unless the key is off', async ({ api, expect }) => {
  const { id } = await add(api);
  await connectSession(api, id);

  await expect(deleteProviderKey(api.as(OPERATOR), { id, confirmName: 'main' })).rejects.toMatchObject({
    code: 'invalid_request',
    details: { param: 'confirmName' },
  });
  await expect(deleteProviderKey(api.as(OPERATOR), { id, confirmName: 'Main' })).rejects.toMatchObject({
    code: 'conflict',
  });
  expect((await getProviderKey(api.as(OPERATOR), { id })).key.openSessions).toBe(1);
  await disableProviderKey(api.as(OPERATOR), { id });
  expect(await deleteProviderKey(api.as(OPERATOR), { id, confirmName: 'Main' })).toEqual({ ok: true });
  expect(await api.database.read('select id from provider_keys')).toEqual([]);
  expect(await api.database.read('select * from provider_key_hours')).toEqual([]);
  expect((await readAudit(api)).at(-1)).toMatchObject({ action: 'provider_key.delete', target: id });
});

test('usage by hour, quiet hours included, and the last day in the list', async ({ api, expect }) => {
  const { id } = await add(api);
  await connectSession(api, id);
  api.clock.advance(2 * 3_600_000);
  await api.database.write({
    sql: `insert into provider_key_reports (caller, idempotency_key, key_id, ok, error, at)
      values ('test', '1', ?1, 0, 'boom', ?2)`,
    args: [id, api.clock.now()],
  });

  const { hours } = await getUsageSeries(api.as(OPERATOR), { id, hours: 4 });

  expect(hours.map(({ uses, errors }) => [uses, errors])).toEqual([
    [0, 0],
    [1, 0],
    [0, 0],
    [1, 1],
  ]);
  expect(hours[3]?.start).toBe('2026-11-21T14:00:00.000Z');
  const { items } = await listProviderKeys(api.as(OPERATOR), {});
  expect(items[0]).toMatchObject({
    uses24h: 2,
    errors24h: 1,
    usageCount: 2,
    errorCount: 1,
    lastError: 'boom',
  });
  expect(items[0]?.errorSeries24h.at(-1)).toBe(1);
});

test('the list can be narrowed by provider and by what the state amounts to now', async ({ api, expect }) => {
  const first = await add(api);
  await add(api, OTHER_KEY, 'Second');
  await drainProviderKey(api.as(OPERATOR), { id: first.id, seconds: 1 });
  api.clock.advance(1_000);

  const ids = async (input: Parameters<typeof listProviderKeys>[1]) =>
    (await listProviderKeys(api.as(OPERATOR), input)).items.map(({ name }) => name);

  expect(await ids({ provider: 'openai' })).toEqual(['Main', 'Second']);
  expect(await ids({ provider: 'gemini' })).toEqual([]);
  expect(await ids({ state: 'disabled' })).toEqual(['Main']);
  expect(await ids({ state: 'active' })).toEqual(['Second']);
});
