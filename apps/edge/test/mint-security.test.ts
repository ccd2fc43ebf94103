import * as z from 'zod';

import { createKey } from './support/access-keys.ts';
import { dumpTables } from './support/dumps.ts';
import type { TestHost } from './support/host.ts';
import { createHostTest } from './support/host-test.ts';
import { connect, connectOperator } from './support/trpc.ts';

const test = createHostTest({ DEFAULT_TOKEN_TTL_SECONDS: '60' });
const MINT = '/v1/realtime/client_secrets';
const UPSTREAM = { path: '/v1/realtime/client_secrets' };
const SESSION_CONFIG = { model: 'gpt-realtime-2.1', voice: 'marin', instructions: 'Hello.' };
const upstreamBody = z.object({ expires_after: z.object({ seconds: z.int() }), session: z.looseObject({}) });

async function readUpstreamBodies(host: TestHost) {
  return (await host.simulator.admin.requests()).map(({ body }) => upstreamBody.parse(body));
}

async function readCode(response: Response): Promise<unknown> {
  return z.object({ error: z.object({ code: z.string() }) }).parse(await response.json()).error.code;
}

test("security 40: a key's own limits cut a lifetime and refuse a model", async ({ host, expect }) => {
  const { secret } = await createKey(host, { maxTtlSeconds: 30, allowedModels: ['gpt-realtime-2.1-mini'] });
  await host.simulator.admin.reset();
  const mini = { session: { type: 'realtime', model: 'gpt-realtime-2.1-mini' } };

  const long = await host.post(MINT, { ...mini, expires_after: { seconds: 7_200 } }, { token: secret });
  expect(long.status).toBe(200);
  expect(long.headers.get('warning')).toContain('30 s');
  const unnamed = await host.post(MINT, mini, { token: secret });
  expect(unnamed.headers.get('warning')).toBeNull();
  expect((await readUpstreamBodies(host)).map((body) => body.expires_after.seconds)).toEqual([30, 30]);

  const other = await host.post(MINT, { session: { type: 'realtime' } }, { token: secret });
  expect([other.status, await readCode(other)]).toEqual([403, 'model_not_allowed']);
  const old = { sessionConfig: { ...SESSION_CONFIG, model: 'gpt-4o-realtime-preview' } };
  const refused = await host.post('/api/realtime/token', old, { token: secret });
  expect([refused.status, await refused.json()]).toMatchObject([
    403,
    { error: expect.stringContaining("'sessionConfig.model'") },
  ]);
  const audio = { input: { transcription: { model: 'whisper-1' } } };
  const heard = await host.post(MINT, { session: { ...mini.session, audio } }, { token: secret });
  expect([heard.status, await heard.json()]).toMatchObject([
    403,
    { error: { code: 'model_not_allowed', param: 'session.audio.input.transcription.model' } },
  ]);
  const session = { type: 'realtime' as const, model: 'gpt-realtime-2.1-mini', audio };
  await expect(connect(host, secret).tokens.create.mutate({ session })).rejects.toMatchObject({
    data: { httpStatus: 403, appCode: 'model_not_allowed' },
  });
  expect(await readUpstreamBodies(host)).toHaveLength(2);
});

test('security 41: an access key and what it is sent with never reach the upstream', async ({
  host,
  expect,
}) => {
  const { secret } = await createKey(host);
  await host.simulator.admin.reset();
  const headers = {
    'openai-organization': 'org-attacker',
    'openai-project': 'proj_attacker',
    'x-portkey-custom-host': 'http://169.254.169.254',
    'x-forwarded-host': 'attacker.example',
  };
  expect((await host.post(MINT, {}, { token: secret, headers })).status).toBe(200);
  const body = { sessionConfig: SESSION_CONFIG };
  expect((await host.post('/api/realtime/token', body, { token: secret, headers })).status).toBe(200);

  const seen = JSON.stringify(await host.simulator.admin.requests());
  for (const text of ['attacker', '169.254', secret.slice(9, 40)]) expect(seen).not.toContain(text);
});

test('security 44: a mint that failed upstream gives its place back', async ({ host, expect }) => {
  const { secret } = await createKey(host, { maxOpenSessions: 1 });
  await host.simulator.admin.setFault({
    match: UPSTREAM,
    times: 1,
    action: { kind: 'status', status: 400, body: { error: { message: 'no', type: 'x', code: 'no' } } },
  });
  expect((await host.post(MINT, {}, { token: secret })).status).toBe(502);
  expect((await host.post(MINT, {}, { token: secret })).status).toBe(200);
  const full = await host.post(MINT, {}, { token: secret });
  expect([full.status, await readCode(full)]).toEqual([429, 'session_limit']);
  expect(full.headers.get('retry-after')).toMatch(/^\d+$/);
});

test('security 44: a caller who hangs up in the middle does not', async ({ host, expect }) => {
  const { key, secret } = await createKey(host, { maxOpenSessions: 1 });
  await host.simulator.admin.reset();
  await host.simulator.admin.setFault({ match: UPSTREAM, times: 1, action: { kind: 'delay', ms: 300 } });
  const hangUp = new AbortController();
  const asked = host.fetch(MINT, {
    method: 'POST',
    headers: { authorization: `Bearer ${secret}` },
    signal: hangUp.signal,
  });
  await expect.poll(() => host.simulator.admin.requests(), { timeout: 5_000 }).toHaveLength(1);
  hangUp.abort();
  await expect(asked).rejects.toThrow();
  const readStates = async () =>
    (await host.readRows('select state from sessions where access_key_id = ?', [key.id])).map(
      ({ state }) => state,
    );
  await expect.poll(readStates, { timeout: 5_000 }).toEqual(['issued']);
  expect((await host.post(MINT, {}, { token: secret })).status).toBe(429);
});

test('security 46: the default lifetime is a setting, and no answer with a secret is kept', async ({
  host,
  expect,
}) => {
  await host.simulator.admin.reset();
  const answer = await host.post(MINT, {});
  expect(answer.headers.get('cache-control')).toBe('no-store');
  const { expires_at: expiresAt } = z.object({ expires_at: z.int() }).parse(await answer.json());
  expect(expiresAt - Date.now() / 1_000).toBeLessThanOrEqual(61);
  expect((await readUpstreamBodies(host)).map((body) => body.expires_after.seconds)).toEqual([60]);
});

test('security 47: no secret that was handed out is stored or logged in plain', async ({ host, expect }) => {
  const first = await host.post(MINT, {}, { headers: { 'idempotency-key': 'kept' } });
  const second = await host.post('/api/realtime/token', { sessionConfig: SESSION_CONFIG });
  const secrets = [
    z.object({ value: z.string() }).parse(await first.json()).value,
    z.object({ token: z.string() }).parse(await second.json()).token,
  ];
  const tables = await dumpTables(host);
  expect(tables.size).toBeGreaterThan(20);
  for (const secret of secrets) {
    for (const [table, rows] of tables) expect(rows.includes(secret.slice(3)), table).toBe(false);
    expect(host.logs()).not.toContain(secret.slice(3));
  }
});

test('security 90: every answer says exactly what it is, and nothing of what made it', async ({
  host,
  expect,
}) => {
  const { secret } = await createKey(host, { scopes: ['tokens:mint', 'models:read', 'me:read'] });
  const bearer = { headers: { authorization: `Bearer ${secret}` } };
  const answers = [
    await host.post(MINT, {}, { token: secret }),
    await host.post('/api/realtime/token', { sessionConfig: SESSION_CONFIG }, { token: secret }),
    await host.post('/trpc/tokens.create', {}, { token: secret }),
    await host.post('/api/realtime/token', {}, { token: secret }),
    await host.fetch('/v1/models', bearer),
    await host.fetch('/v1/me', bearer),
    await host.fetch('/v1/me'),
  ];
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 422, 200, 200, 401]);
  for (const { headers } of answers) {
    expect(headers.get('content-type')).toBe('application/json');
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('vary')).toContain('Origin');
    for (const name of ['x-powered-by', 'server', 'access-control-allow-credentials']) {
      expect(headers.get(name)).toBeNull();
    }
  }
});

test('every mint says what is left of the rate, in REST and in tRPC, and so does the refusal', async ({
  host,
  expect,
}) => {
  const { secret } = await createKey(host, { mintsPerMinute: 3 });
  const answers = [
    await host.post(MINT, {}, { token: secret }),
    await host.post('/api/realtime/token', { sessionConfig: SESSION_CONFIG }, { token: secret }),
    await host.post('/trpc/tokens.create', {}, { token: secret }),
    await host.post(MINT, {}, { token: secret }),
    await host.post('/api/realtime/token', { sessionConfig: SESSION_CONFIG }, { token: secret }),
    await host.post('/trpc/tokens.create', {}, { token: secret }),
  ];
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 429, 429, 429]);
  const left = answers.map(
    ({ headers }) => /^"mint";r=(\d+);t=\d{1,2}$/.exec(headers.get('ratelimit') ?? '')?.[1],
  );
  expect(left).toEqual(['2', '1', '0', '0', '0', '0']);
  for (const { headers, status } of answers) {
    expect(headers.get('ratelimit-policy')).toBe('"mint";q=3;w=60');
    expect(headers.has('retry-after')).toBe(status === 429);
    expect(headers.has('x-should-retry')).toBe(false);
  }
});

test('over its budget a caller is told what is left and when it resets, in every shape', async ({
  host,
  expect,
}) => {
  const { key, secret } = await createKey(host, { scopes: ['tokens:mint', 'me:read', 'sessions:read'] });
  const operator = await connectOperator(host);
  await operator.budgets.set.mutate({
    scope: 'access_key',
    subject: key.id,
    limitMicroUsd: 1,
    period: 'daily',
    timeZone: 'UTC',
    action: 'block',
  });
  await host.simulator.admin.reset();
  const rest = await host.post(MINT, {}, { token: secret });
  const older = await host.post('/api/realtime/token', { sessionConfig: SESSION_CONFIG }, { token: secret });
  const trpc = await host.post('/trpc/tokens.create', {}, { token: secret });

  for (const answer of [rest, older, trpc]) {
    expect(answer.status).toBe(402);
    expect(answer.headers.get('x-should-retry')).toBe('false');
  }
  expect(await rest.json()).toMatchObject({
    error: {
      type: 'insufficient_quota',
      code: 'budget_exceeded',
      message: expect.stringMatching(/left.*\d{4}-\d{2}-\d{2}T/),
    },
  });
  const budget = { limitMicroUsd: 1, leftMicroUsd: 1, resetsAt: expect.stringMatching(/T00:00:00\.000Z$/) };
  expect(await older.json()).toMatchObject({ success: false, details: { code: 'budget_exceeded', budget } });
  expect(await trpc.json()).toMatchObject({
    error: { data: { appCode: 'budget_exceeded', details: { budget } } },
  });
  expect(await host.simulator.admin.requests()).toEqual([]);
  const me = await host.fetch('/v1/me', { headers: { authorization: `Bearer ${secret}` } });
  expect(await me.json()).toMatchObject({ id: key.id, limits: { openSessions: 0, budget } });
});
