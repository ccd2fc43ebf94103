import type { TestApi } from '../../../test/fixtures.ts';
import { ADA, createTestApi, NOBODY, OPERATOR, SERVICE } from '../../../test/fixtures.ts';
import { add, KEY, OTHER_KEY, readAudit, test } from '../../../test/provider-keys.ts';
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
    await expect(call(api, SERVICE)).rejects.toMatchObject({ code: 'forbidden' });
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
      actor_kind: 'operator',
      actor_id: OPERATOR.id,
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

test('a key that was pasted as a name or a limit domain is refused, not kept, and not repeated', async ({
  api,
  expect,
}) => {
  const { id } = await add(api);
  const input = { provider: 'openai', name: 'Second', key: OTHER_KEY };
  const another = 'sk-proj-CANARY0123456789';
  const refusals = [
    { param: 'name', work: addProviderKey(api.as(OPERATOR), { ...input, name: OTHER_KEY }) },
    { param: 'name', work: addProviderKey(api.as(OPERATOR), { ...input, name: `mine: ${OTHER_KEY}` }) },
    { param: 'name', work: addProviderKey(api.as(OPERATOR), { ...input, name: another }) },
    { param: 'limitDomain', work: addProviderKey(api.as(OPERATOR), { ...input, limitDomain: OTHER_KEY }) },
    {
      param: 'name',
      work: rotateProviderKey(api.as(OPERATOR), { id, key: OTHER_KEY, name: another, overlapSeconds: 0 }),
    },
  ];
  for (const { param, work } of refusals) {
    await expect(work).rejects.toMatchObject({ code: 'invalid_request', details: { param } });
    await expect(work).rejects.not.toThrow('CANARY');
  }
  expect(JSON.stringify(await api.database.read('select * from provider_keys'))).not.toContain('CANARY');

  const named = { ...input, name: 'key-production 2', limitDomain: 'proj_AbCdEf0123456789GhIjKl01' };
  expect((await addProviderKey(api.as(OPERATOR), named)).key).toMatchObject({ name: named.name });
});
