import OpenAI, { PermissionDeniedError } from 'openai';
import * as z from 'zod';

import { createKey } from './support/access-keys.ts';
import { ALLOWED_ORIGIN, type TestHost } from './support/host.ts';
import { test } from './support/host-test.ts';
import { connect, connectOperator } from './support/trpc.ts';

const MINT = '/v1/realtime/client_secrets';
const END = '/api/realtime/end';
const PAGE = 'https://shop.example.test';
const ALL = [
  'tokens:mint',
  'turn:issue',
  'models:read',
  'me:read',
  'sessions:read',
  'sessions:report',
] as const;

async function mint(host: TestHost, secret: string, headers: HeadersInit = {}): Promise<Response> {
  return await host.post(MINT, {}, { token: secret, headers });
}

async function readCode(response: Response): Promise<unknown> {
  return z.object({ error: z.object({ code: z.string() }) }).parse(await response.json()).error.code;
}

test('the stock OpenAI SDK works with an access key as its apiKey', async ({ host, expect }) => {
  const { key, secret } = await createKey(host, { scopes: ['tokens:mint', 'models:read'] });
  const client = new OpenAI({ baseURL: `${host.url}/v1`, apiKey: secret });
  const made = await client.realtime.clientSecrets.create({ session: { type: 'realtime' } });
  expect(made.value).toMatch(/^ek_/);
  const models = await client.models.list();
  expect(models.data.map(({ id }) => id)).toContain('gpt-realtime-2.1');
  const [row] = await host.readRows('select user_id, access_key_id from sessions order by seq desc limit 1');
  expect(row).toEqual({ user_id: key.id, access_key_id: key.id });
});

test('wherever its scopes reach, the key is accepted', async ({ host, expect }) => {
  const { key, secret } = await createKey(host, { scopes: [...ALL] });
  const client = connect(host, secret);
  const { sessionId } = await client.tokens.create.mutate({});
  await client.sessions.reportConnected.mutate({ sessionId, transport: 'webrtc' });
  expect((await client.sessions.list.query({})).items.map(({ id }) => id)).toEqual([sessionId]);
  expect((await host.fetch('/api/v1/webrtc/turn-credentials', bearer(secret))).status).toBe(200);
  const report = { sessionId, duration: 0.1, messageCount: 1, endedBy: 'user' };
  const beacon = await host.fetch(END, {
    method: 'POST',
    headers: { 'content-type': 'text/plain;charset=UTF-8' },
    body: JSON.stringify({ accessToken: secret, ...report }),
  });
  expect(beacon.status).toBe(200);
  const me: unknown = await (await host.fetch('/v1/me', bearer(secret))).json();
  expect(me).toMatchObject({
    id: key.id,
    kind: 'access_key',
    scopes: expect.arrayContaining(['tokens:mint']),
  });
});

function bearer(secret: string): RequestInit {
  return { headers: { authorization: `Bearer ${secret}` } };
}

test('beyond its scopes it is refused, and nobody is asked', async ({ host, expect }) => {
  const { secret } = await createKey(host, { scopes: ['models:read'] });
  await host.simulator.admin.reset();
  const refused = await mint(host, secret);
  expect([refused.status, await readCode(refused)]).toEqual([403, 'insufficient_scope']);
  expect(refused.headers.get('x-should-retry')).toBe('false');
  expect((await host.fetch('/v1/me', bearer(secret))).status).toBe(403);
  await expect(connect(host, secret).tokens.create.mutate({})).rejects.toMatchObject({
    data: { httpStatus: 403, appCode: 'insufficient_scope' },
  });
  await expect(connect(host, secret).accessKeys.list.query()).rejects.toMatchObject({
    data: { httpStatus: 403 },
  });
  const client = new OpenAI({ baseURL: `${host.url}/v1`, apiKey: secret });
  await expect(client.realtime.clientSecrets.create({})).rejects.toBeInstanceOf(PermissionDeniedError);
  expect(await host.simulator.admin.requests()).toEqual([]);
});

test('a revoked key is refused by the very next request', async ({ host, expect }) => {
  const { key, secret } = await createKey(host, { name: 'To revoke' });
  const operator = await connectOperator(host);
  expect((await mint(host, secret)).status).toBe(200);
  await operator.accessKeys.disable.mutate({ id: key.id });
  expect((await mint(host, secret)).status).toBe(401);
  await operator.accessKeys.enable.mutate({ id: key.id });
  expect((await mint(host, secret)).status).toBe(200);
  await operator.accessKeys.revoke.mutate({ id: key.id, confirmName: 'To revoke' });
  const refused = await mint(host, secret);
  expect([refused.status, await readCode(refused)]).toEqual([401, 'invalid_api_key']);
  expect(refused.headers.get('www-authenticate')).toBe('Bearer');
});

test('a rotated key is accepted under both secrets during the grace, as one owner', async ({
  host,
  expect,
}) => {
  const { key, secret } = await createKey(host, { scopes: [...ALL] });
  const { sessionId } = await connect(host, secret).tokens.create.mutate({});
  const operator = await connectOperator(host);
  const rotated = await operator.accessKeys.rotate.mutate({ id: key.id, graceSeconds: 600 });
  expect((await connect(host, rotated.secret).sessions.get.query({ id: sessionId })).id).toBe(sessionId);
  expect((await mint(host, secret)).status).toBe(200);
  await operator.accessKeys.rotate.mutate({ id: key.id, graceSeconds: 0 });
  expect((await mint(host, rotated.secret)).status).toBe(401);
});

test('what is no key, or an unknown one, is 401', async ({ host, expect }) => {
  const { secret } = await createKey(host);
  const changed = `${secret.slice(0, 20)}${secret[20] === 'a' ? 'b' : 'a'}${secret.slice(21)}`;
  for (const token of [changed, secret.slice(0, -1), `${secret}0`, 'eph_live_', 'eph_live_x y']) {
    expect((await mint(host, token)).status).toBe(401);
  }
});

test("a page of the key's origin may call, from its preflight on; others may not", async ({
  host,
  expect,
}) => {
  const { secret } = await createKey(host, { allowedOrigins: [PAGE] });
  await expect
    .poll(async () => (await preflight(host, PAGE)).headers.get('access-control-allow-origin'), {
      timeout: 10_000,
    })
    .toBe(PAGE);
  const asked = await mint(host, secret, { origin: PAGE });
  expect(asked.status).toBe(200);
  expect(asked.headers.get('access-control-allow-origin')).toBe(PAGE);
  expect(asked.headers.get('access-control-expose-headers')).toContain('RateLimit');
  for (const origin of [ALLOWED_ORIGIN, 'https://evil.example', `${PAGE}.evil.example`, 'null']) {
    const refused = await mint(host, secret, { origin });
    expect([refused.status, await readCode(refused)]).toEqual([403, 'origin_not_allowed']);
  }
  expect((await mint(host, secret)).status).toBe(403);
  for (const origin of ['https://evil.example', `${PAGE}.evil.example`, 'null', `${PAGE}:8443`]) {
    const answer = await preflight(host, origin);
    expect(answer.headers.get('access-control-allow-origin')).toBeNull();
    expect(answer.headers.get('vary')).toContain('Origin');
  }
});

async function preflight(host: TestHost, origin: string): Promise<Response> {
  return await host.fetch(MINT, {
    method: 'OPTIONS',
    headers: {
      origin,
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'authorization,content-type',
    },
  });
}

test('a key that is limited to models sees those alone', async ({ host, expect }) => {
  const { secret } = await createKey(host, {
    scopes: ['models:read'],
    allowedModels: ['gpt-realtime-2.1-mini'],
  });
  const list: unknown = await (await host.fetch('/v1/models', bearer(secret))).json();
  expect(list).toMatchObject({ object: 'list', data: [{ id: 'gpt-realtime-2.1-mini', object: 'model' }] });
});

test('so does a user', async ({ host, expect }) => {
  const token = await host.issuer.sign({ sub: 'limited' });
  const client = connect(host, token);
  const { id } = await client.me.get.query();
  await client.tokens.create.mutate({});
  const operator = await connectOperator(host);
  await operator.users.setLimits.mutate({ id, allowedModels: ['gpt-realtime-2.1-mini'] });
  expect((await client.models.list.query()).models.map((model) => model.id)).toEqual([
    'gpt-realtime-2.1-mini',
  ]);
  const refused = await mint(host, token);
  expect([refused.status, await readCode(refused)]).toEqual([403, 'model_not_allowed']);
});

test('the secret is in no log, no row and no list; the last use is noted', async ({ host, expect }) => {
  const { key, secret } = await createKey(host);
  await mint(host, secret);
  const operator = await connectOperator(host);
  await expect
    .poll(async () => (await operator.accessKeys.get.query({ id: key.id })).key.lastUsedAt, {
      timeout: 10_000,
    })
    .not.toBeNull();
  const part = secret.slice(12, 40);
  expect(JSON.stringify(await operator.accessKeys.list.query())).not.toContain(part);
  expect(host.logs()).not.toContain(part);
  for (const table of ['access_keys', 'audit_entries', 'sessions']) {
    expect(JSON.stringify(await host.readRows(`select * from ${table}`))).not.toContain(part);
  }
  const [entry] = await host.readRows(
    "select * from audit_entries where action = 'access_key.create' and target = ?",
    [key.id],
  );
  expect(entry).toMatchObject({ actor_kind: 'operator', result: 'ok' });
});
