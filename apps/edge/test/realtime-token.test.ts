import * as z from 'zod';

import { createKey } from './support/access-keys.ts';
import type { TestHost } from './support/host.ts';
import { createHostTest } from './support/host-test.ts';

const test = createHostTest({ ANONYMOUS_TOKENS: 'on' });
const PATH = '/api/realtime/token';
const END = '/api/realtime/end';
const SESSION = { model: 'gpt-realtime-2.1', voice: 'marin', instructions: 'Answer in one sentence.' };

const tokenSchema = z.strictObject({
  success: z.literal(true),
  token: z.string().startsWith('ek_'),
  sessionId: z.string().startsWith('sess_'),
  expiresAt: z.int(),
  config: z.strictObject({ model: z.string(), voice: z.string() }),
});

async function mint(host: TestHost, body: object = {}, token: string | null = host.userToken) {
  const response = await host.post(PATH, { sessionConfig: SESSION, ...body }, { token });
  if (response.status !== 200) throw new Error(`${response.status} ${await response.text()}`);
  return { response, body: tokenSchema.parse(await response.json()) };
}

async function readRow(host: TestHost, providerSessionId: string) {
  const [row] = await host.readRows('select * from sessions where provider_session_id = ?', [
    providerSessionId,
  ]);
  return row;
}

async function readSubject(host: TestHost): Promise<unknown> {
  const [row] = await host.readRows("select id from users where role = 'user'");
  return row?.['id'];
}

test('a user gets a token in the shape of the contract, for half an hour', async ({ host, expect }) => {
  const { response, body } = await mint(host);

  expect(body.config).toEqual({ model: 'gpt-realtime-2.1', voice: 'marin' });
  const secondsLeft = body.expiresAt - Date.now() / 1_000;
  expect(secondsLeft).toBeGreaterThan(1_790);
  expect(secondsLeft).toBeLessThanOrEqual(1_801);
  expect(response.headers.get('cache-control')).toBe('no-store');
  expect(response.headers.get('content-type')).toBe('application/json');
  expect(response.headers.get('warning')).toBeNull();
  expect(response.headers.get('deprecation')).toBeNull();
  expect(response.headers.get('x-broker-session-id')).toMatch(/^ses_/);
  expect(await readRow(host, body.sessionId)).toMatchObject({
    state: 'issued',
    user_id: await readSubject(host),
    access_key_id: null,
  });
});

test('the upstream gets what was asked for, and nothing else', async ({ host, expect }) => {
  await host.simulator.admin.reset();
  await mint(host, { sessionConfig: { ...SESSION, voice: 'coral', maxOutputTokens: 512 }, ttlSeconds: 60 });

  const requests = await host.simulator.admin.requests();
  expect(requests).toMatchObject([
    {
      body: {
        expires_after: { anchor: 'created_at', seconds: 60 },
        session: {
          type: 'realtime',
          model: 'gpt-realtime-2.1',
          instructions: SESSION.instructions,
          audio: { output: { voice: 'coral' } },
          max_output_tokens: 512,
        },
      },
    },
  ]);
});

for (const { old, today } of [
  { old: 'gpt-4o-realtime-preview', today: 'gpt-realtime-2.1' },
  { old: 'gpt-4o-realtime-preview-2024-12-17', today: 'gpt-realtime-2.1' },
  { old: 'gpt-4o-mini-realtime-preview', today: 'gpt-realtime-2.1-mini' },
  { old: 'gpt-4o-mini-realtime-preview-2024-12-17', today: 'gpt-realtime-2.1-mini' },
]) {
  test(`${old} means ${today}, and the answer says so`, async ({ host, expect }) => {
    const { response, body } = await mint(host, { sessionConfig: { ...SESSION, model: old } });

    expect(body.config.model).toBe(today);
    expect(response.headers.get('warning')).toMatch(/^299 - ".*retired.*"$/);
    expect(response.headers.get('warning')).toContain(today);
    expect(response.headers.get('deprecation')).toMatch(/^@\d{10}$/);
    expect(Date.parse(response.headers.get('sunset') ?? '')).toBeLessThan(Date.now());
  });
}

test('a temperature is taken and left out, with a warning', async ({ host, expect }) => {
  await host.simulator.admin.reset();
  const { response } = await mint(host, { sessionConfig: { ...SESSION, temperature: 0.8 } });

  expect(response.headers.get('warning')).toContain('temperature');
  expect(JSON.stringify(await host.simulator.admin.requests())).not.toContain('temperature');
});

test('every voice of the contract is taken', async ({ host, expect }) => {
  const voices = ['alloy', 'ash', 'ballad', 'coral', 'echo', 'sage', 'shimmer', 'verse', 'marin', 'cedar'];
  const made = await Promise.all(
    voices.map(
      async (voice) => (await mint(host, { sessionConfig: { ...SESSION, voice } })).body.config.voice,
    ),
  );
  expect(made).toEqual(voices);
});

test("a lifetime is asked for, and cut to the project's maximum", async ({ host, expect }) => {
  const short = await mint(host, { ttlSeconds: 10 });
  expect(short.body.expiresAt - Date.now() / 1_000).toBeLessThanOrEqual(11);
  const long = await mint(host, { ttlSeconds: 7_200 });
  expect(long.body.expiresAt - Date.now() / 1_000).toBeLessThanOrEqual(3_601);
  expect(long.response.headers.get('warning')).toContain('3600');
});

for (const { name, body, field } of [
  { name: 'no session', body: { sessionConfig: undefined }, field: 'sessionConfig' },
  { name: 'an unknown voice', body: { sessionConfig: { ...SESSION, voice: 'nobody' } }, field: 'voice' },
  {
    name: 'an unknown model',
    body: { sessionConfig: { ...SESSION, model: 'gpt-nobody' } },
    field: 'sessionConfig.model',
  },
  {
    name: 'no model',
    body: { sessionConfig: { ...SESSION, model: undefined } },
    field: 'sessionConfig.model',
  },
  {
    name: 'too many output tokens',
    body: { sessionConfig: { ...SESSION, maxOutputTokens: 4_097 } },
    field: 'maxOutputTokens',
  },
  {
    name: 'no output tokens',
    body: { sessionConfig: { ...SESSION, maxOutputTokens: 0 } },
    field: 'maxOutputTokens',
  },
  { name: 'an unknown field', body: { sessionConfig: { ...SESSION, tools: [] } }, field: 'tools' },
  { name: 'a lifetime under 10 s', body: { ttlSeconds: 9 }, field: 'ttlSeconds' },
  { name: 'a lifetime over 7200 s', body: { ttlSeconds: 7_201 }, field: 'ttlSeconds' },
  { name: 'a user id with a line break', body: { userId: 'a\nb' }, field: 'userId' },
]) {
  test(`${name} is 422 and the field is named`, async ({ host, expect }) => {
    await host.simulator.admin.reset();
    const response = await host.post(PATH, { sessionConfig: SESSION, ...body });

    expect(response.status).toBe(422);
    expect(response.headers.get('x-should-retry')).toBe('false');
    const answer = z.object({ success: z.literal(false), error: z.string() }).parse(await response.json());
    expect(answer.error).toContain(field);
    expect(await host.simulator.admin.requests()).toEqual([]);
  });
}

test('malformed JSON is 400, a bad token 401, in the same shape; details say more on loopback', async ({
  host,
  expect,
}) => {
  const malformed = await host.fetch(PATH, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${host.userToken}` },
    body: '{"sessionConfig":',
  });
  expect(malformed.status).toBe(400);
  expect(await malformed.json()).toMatchObject({ success: false, error: expect.any(String) });
  const expired = await host.post(
    PATH,
    { sessionConfig: SESSION },
    { token: await host.issuer.sign({ exp: 1 }) },
  );
  expect(expired.status).toBe(401);
  expect(expired.headers.get('www-authenticate')).toBe('Bearer');
  expect(await expired.json()).toMatchObject({ success: false, details: { code: 'token_expired' } });
});

test('what the provider says becomes 502, 503 or 504 here', async ({ host, expect }) => {
  await host.simulator.admin.reset();
  await host.simulator.admin.setFault({
    match: { path: '/v1/realtime/client_secrets' },
    action: { kind: 'status', status: 400, body: { error: { message: 'no', type: 'x', code: 'bad' } } },
  });
  const refused = await host.post(PATH, { sessionConfig: SESSION });
  expect(refused.status).toBe(502);
  expect(await refused.json()).toMatchObject({ success: false, error: expect.any(String) });
  await host.simulator.admin.reset();
});

test("somebody else's user id in the body of a user changes nothing", async ({ host, expect }) => {
  const own = await readSubject(host);
  for (const userId of ['somebody-else', String(own)]) {
    const { body } = await mint(host, { userId });
    expect(await readRow(host, body.sessionId)).toMatchObject({ user_id: own });
  }
});

test('a key that may mint for others files under them, and reports for them', async ({ host, expect }) => {
  const scopes = ['tokens:mint', 'tokens:mint-for', 'sessions:report', 'sessions:read'] as const;
  const backend = await createKey(host, { scopes: [...scopes] });
  const { body } = await mint(host, { userId: 'customer-7' }, backend.secret);
  expect(await readRow(host, body.sessionId)).toMatchObject({
    user_id: 'app:customer-7',
    access_key_id: backend.key.id,
  });
  const report = { sessionId: body.sessionId, duration: 0.2, messageCount: 1, endedBy: 'user' };
  const stranger = await createKey(host, { name: 'Other', scopes: [...scopes] });
  expect((await host.post(END, report, { token: stranger.secret })).status).toBe(404);
  expect((await host.post(END, report)).status).toBe(404);
  expect((await host.post(END, report, { token: backend.secret })).status).toBe(200);
  expect(await readRow(host, body.sessionId)).toMatchObject({ state: 'ended' });
});

test('a key without that scope files under itself, whatever the body says', async ({ host, expect }) => {
  const { key, secret } = await createKey(host);
  const { body } = await mint(host, { userId: 'customer-7' }, secret);
  expect(await readRow(host, body.sessionId)).toMatchObject({ user_id: key.id, access_key_id: key.id });
});

test('the same Idempotency-Key answers the same token', async ({ host, expect }) => {
  const headers = { 'idempotency-key': 'token-1' };
  const first = await host.post(PATH, { sessionConfig: SESSION }, { headers });
  const second = await host.post(PATH, { sessionConfig: SESSION }, { headers });
  expect(second.headers.get('idempotent-replayed')).toBe('true');
  expect(await second.json()).toEqual(await first.json());
});

test('a guest mints and ends where guests are allowed; nobody else is one', async ({ host, expect }) => {
  const { body } = await mint(host, { userId: 'whoever' }, null);
  expect(await readRow(host, body.sessionId)).toMatchObject({
    user_id: expect.stringMatching(/^anon:/),
    user_name: null,
  });
  const again = { token: null, headers: { 'idempotency-key': 'guest-1' } };
  const tokens = [];
  for (let times = 0; times < 2; times += 1) {
    const answer = await host.post(PATH, { sessionConfig: SESSION }, again);
    tokens.push(tokenSchema.parse(await answer.json()).token);
  }
  expect(tokens[0]).not.toBe(tokens[1]);
  const report = { sessionId: body.sessionId, duration: 0.1, messageCount: 0, endedBy: 'user' };
  expect((await host.post(END, report)).status).toBe(404);
  expect((await host.post(END, report, { token: null })).status).toBe(200);
  expect((await host.post('/v1/realtime/client_secrets', {}, { token: null })).status).toBe(401);
  expect((await host.post(PATH, { sessionConfig: SESSION }, { token: 'x' })).status).toBe(401);
});
