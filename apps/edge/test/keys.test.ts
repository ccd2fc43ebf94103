import { TRPCClientError } from '@trpc/client';

import { startHost, STORED_KEYS, type TestHost } from './support/host.ts';
import { test } from './support/host-test.ts';
import { fetchKeys } from './support/internal.ts';
import { connect, connectOperator, signInOperator } from './support/trpc.ts';

const MODELS = '/v1/models';
const [FIRST_KEY, SECOND_KEY, THIRD_KEY] = STORED_KEYS;

/** What every procedure takes, so that a refusal is never one of the input. */
const CALLS: readonly { name: string; method: 'GET' | 'POST'; input: unknown }[] = [
  { name: 'list', method: 'GET', input: {} },
  { name: 'get', method: 'GET', input: { id: 'pkey_x' } },
  { name: 'usage', method: 'GET', input: { id: 'pkey_x', hours: 24 } },
  { name: 'add', method: 'POST', input: { provider: 'openai', name: 'x', key: 'sk-CANARY-forbidden' } },
  { name: 'test', method: 'POST', input: { id: 'pkey_x' } },
  { name: 'testCandidate', method: 'POST', input: { provider: 'openai', key: 'sk-CANARY-forbidden' } },
  { name: 'rotate', method: 'POST', input: { id: 'pkey_x', key: 'sk-CANARY-forbidden', overlapSeconds: 0 } },
  { name: 'disable', method: 'POST', input: { id: 'pkey_x' } },
  { name: 'enable', method: 'POST', input: { id: 'pkey_x' } },
  { name: 'drain', method: 'POST', input: { id: 'pkey_x' } },
  { name: 'delete', method: 'POST', input: { id: 'pkey_x', confirmName: 'x' } },
  { name: 'rewrap', method: 'POST', input: {} },
];

async function call(host: TestHost, token: string | null, { name, method, input }: (typeof CALLS)[number]) {
  const query = method === 'GET' ? `?input=${encodeURIComponent(JSON.stringify(input))}` : '';
  return await host.fetch(`/trpc/keys.${name}${query}`, {
    method,
    headers: {
      'content-type': 'application/json',
      ...(token === null ? {} : { authorization: `Bearer ${token}` }),
    },
    ...(method === 'GET' ? {} : { body: JSON.stringify(input) }),
  });
}

for (const procedure of CALLS) {
  test(`keys.${procedure.name} is for operators: 401 without a token, 403 for users of either issuer`, async ({
    host,
    expect,
  }) => {
    await host.simulator.admin.reset();

    expect((await call(host, null, procedure)).status).toBe(401);
    expect((await call(host, host.userToken, procedure)).status).toBe(403);
    const foreign = await host.issuer.sign({ role: 'operator', sub: 'operator' });
    expect((await call(host, foreign, procedure)).status).toBe(403);
    expect(await host.simulator.admin.requests()).toEqual([]);
  });
}

test('a key is added, tested, shown by its end, and never given back', async ({ host, expect }) => {
  const operator = await connectOperator(host);

  const added = await operator.keys.add.mutate({
    provider: 'openai',
    name: 'Main',
    key: FIRST_KEY,
    limitDomain: 'proj_1',
    test: true,
  });

  expect(added.test).toMatchObject({ ok: true, status: 200 });
  expect(added.key).toMatchObject({
    name: 'Main',
    lastFour: FIRST_KEY.slice(-4),
    state: 'active',
    kekVersion: 2,
  });
  const list = await operator.keys.list.query({ provider: 'openai' });
  const detail = await operator.keys.get.query({ id: added.key.id });
  expect(list).toMatchObject({
    canStore: true,
    pendingRewrap: 0,
    policy: { triesPerMint: 3, tryTimeoutMs: 2_000 },
  });
  expect(detail.events.map(({ action, actor }) => [action, actor])).toEqual([
    ['provider_key.test', 'Demo operator'],
    ['provider_key.add', 'Demo operator'],
  ]);
  const shown = JSON.stringify([added, list, detail]);
  expect(shown).not.toContain('CANARY');
  expect(shown).not.toContain(FIRST_KEY.slice(8));
});

test('a key that is known is a conflict that names it', async ({ host, expect }) => {
  const operator = await connectOperator(host);

  const again = operator.keys.add.mutate({ provider: 'openai', name: 'Twice', key: FIRST_KEY });

  await expect(again).rejects.toBeInstanceOf(TRPCClientError);
  await expect(again).rejects.toMatchObject({
    message: 'This key is in the pool already, as "Main".',
    data: { code: 'CONFLICT', httpStatus: 409, appCode: 'conflict' },
  });
});

for (const { name, input, param } of [
  { name: 'an unknown provider', input: { provider: 'nobody' }, param: 'provider' },
  { name: 'a key of the wrong shape', input: { key: 'CANARY not a key' }, param: 'key' },
  { name: 'a name of two lines', input: { name: 'one\ntwo' }, param: 'name' },
  { name: 'a name that turns the line around', input: { name: '‮evil' }, param: 'name' },
  { name: 'a limit domain with a quote', input: { limitDomain: `a'b` }, param: 'limitDomain' },
  { name: 'no weight', input: { weight: 0 }, param: 'weight' },
]) {
  test(`${name} is refused with its field named, and not repeated`, async ({ host, expect }) => {
    const operator = await connectOperator(host);

    const adding = operator.keys.add.mutate({ provider: 'openai', name: 'x', key: SECOND_KEY, ...input });

    await expect(adding).rejects.toMatchObject({ data: { appCode: 'invalid_request', details: { param } } });
    await expect(adding).rejects.not.toThrow('CANARY');
  });
}

test('security 38: columns cannot be chosen: no sorting, no filter but provider and state, no further field', async ({
  host,
  expect,
}) => {
  const token = await signInOperator(host);
  for (const input of [
    { sort: 'ciphertext' },
    { orderBy: 'fingerprint' },
    { fingerprint: 'a' },
    { ciphertext: 'v1' },
    { state: `active' or '1'='1` },
  ]) {
    expect((await call(host, token, { name: 'list', method: 'GET', input })).status).toBe(400);
  }
});

test('security 36: there is no way to export a key, and what is shown of it is HMACed or its end', async ({
  host,
  expect,
}) => {
  const token = await signInOperator(host);
  for (const name of ['export', 'reveal', 'secret', 'value', 'open', 'decrypt']) {
    const response = await call(host, token, { name, method: 'GET', input: {} });
    expect(response.status).toBe(404);
  }
  const [row] = await host.readRows(
    'select fingerprint, ciphertext from provider_keys where ciphertext is not null',
  );
  const list = await connect(host, token).keys.list.query({});
  expect(row?.['fingerprint']).toMatch(/^[0-9a-f]{64}$/);
  expect(JSON.stringify(list)).not.toContain(String(row?.['fingerprint']));
  expect(JSON.stringify(list)).not.toContain(String(row?.['ciphertext']));
});

test("security 34, 35: of a rejected key the provider's text, which quotes it, reaches nobody", async ({
  host,
  expect,
}) => {
  await host.simulator.admin.setFault({
    match: { path: MODELS },
    action: {
      kind: 'status',
      status: 401,
      headers: { 'openai-organization': 'org-CANARY', 'set-cookie': 'upstream=CANARY' },
      body: {
        error: { message: `Incorrect API key provided: ${SECOND_KEY}`, type: 'x', code: 'invalid_api_key' },
      },
    },
  });
  const token = await signInOperator(host);

  const response = await call(host, token, {
    name: 'testCandidate',
    method: 'POST',
    input: { provider: 'openai', key: SECOND_KEY },
  });

  expect(response.status).toBe(200);
  expect(response.headers.get('openai-organization')).toBeNull();
  expect(response.headers.get('set-cookie')).toBeNull();
  const text = await response.text();
  expect(text).toContain('invalid_api_key');
  expect(text).not.toContain('CANARY');
  expect(host.logs()).not.toContain('CANARY');
});

test('rotation with an overlap, end to end', async ({ host, expect }) => {
  const operator = await connectOperator(host);
  const old = (await operator.keys.list.query({})).items.find(({ name }) => name === 'Main');
  const id = old?.id ?? '';

  const rotated = await operator.keys.rotate.mutate({
    id,
    key: THIRD_KEY,
    name: 'Main 2',
    overlapSeconds: 1,
    test: true,
  });

  expect(rotated.test?.ok).toBe(true);
  expect(rotated.key).toMatchObject({ replaces: id, limitDomain: 'proj_1', lastFour: THIRD_KEY.slice(-4) });
  expect(rotated.old).toMatchObject({ state: 'active', replacedBy: rotated.key.id });
  expect((await fetchKeys(host, 'openai')).map((key) => key.id)).toContain(id);
  await expect
    .poll(async () => (await operator.keys.get.query({ id })).key.state, { timeout: 5_000 })
    .toBe('draining');
  expect((await fetchKeys(host, 'openai')).map((key) => key.id)).not.toContain(id);
});

test('disable, enable, drain and delete, each with its entry', async ({ host, expect }) => {
  const operator = await connectOperator(host);
  const { key } = await operator.keys.add.mutate({
    provider: 'gemini',
    name: 'Short life',
    key: `AIzaCANARY${'z'.repeat(29)}`,
  });
  const { id } = key;

  expect((await operator.keys.disable.mutate({ id })).key.state).toBe('disabled');
  expect((await operator.keys.enable.mutate({ id })).key.state).toBe('active');
  expect((await operator.keys.drain.mutate({ id, seconds: 60 })).key.state).toBe('draining');
  await expect(operator.keys.delete.mutate({ id, confirmName: 'short life' })).rejects.toMatchObject({
    data: { details: { param: 'confirmName' } },
  });
  expect(await operator.keys.delete.mutate({ id, confirmName: 'Short life' })).toEqual({ ok: true });
  await expect(operator.keys.get.query({ id })).rejects.toMatchObject({ data: { code: 'NOT_FOUND' } });
  const entries = await host.readRows('select action from audit_entries where target = ? order by id', [id]);
  expect(entries.map(({ action }) => action)).toEqual([
    'provider_key.add',
    'provider_key.disable',
    'provider_key.enable',
    'provider_key.drain',
    'provider_key.delete',
  ]);
});

test('keys under an older version of the keyring are counted and moved', async ({ expect }) => {
  const oldKey = Buffer.alloc(32, 1).toString('base64');
  await using own = await startHost({ KEYRING: `1:${oldKey}` });
  const operator = await connectOperator(own);
  const { key } = await operator.keys.add.mutate({ provider: 'openai', name: 'Main', key: FIRST_KEY });

  expect(key).toMatchObject({ kekVersion: 1, isOutdatedKek: false });
  expect(await operator.keys.rewrap.mutate({})).toEqual({ rewrapped: 0, remaining: 0, failed: [] });
});
