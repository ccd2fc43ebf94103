import OpenAI, { AuthenticationError } from 'openai';
import * as z from 'zod';

import { CANARY_KEY } from './support/host.ts';
import { test } from './support/host-test.ts';

const PATH = '/v1/realtime/client_secrets';

const secretSchema = z.object({
  value: z.string().startsWith('ek_'),
  expires_at: z.number(),
  session: z.looseObject({
    id: z.string().startsWith('sess_'),
    type: z.string(),
    model: z.string().optional(),
  }),
});

test('a user gets a client secret in the shape of the provider', async ({ host, expect }) => {
  const response = await host.post(PATH, {
    expires_after: { anchor: 'created_at', seconds: 60 },
    session: { type: 'realtime', model: 'gpt-realtime-2.1', audio: { output: { voice: 'marin' } } },
  });

  expect(response.status).toBe(200);
  const secret = secretSchema.parse(await response.json());
  const secondsLeft = secret.expires_at - Date.now() / 1_000;
  expect(secondsLeft).toBeGreaterThan(50);
  expect(secondsLeft).toBeLessThanOrEqual(61);
  expect(response.headers.get('content-type')).toBe('application/json');
  expect(response.headers.get('cache-control')).toBe('no-store');
  expect(response.headers.get('x-broker-session-id')).toMatch(/^ses_[0-9a-hjkmnp-tv-z]{26}$/);
  expect(response.headers.get('x-request-id')).toMatch(/^[\w\-=]{1,255}$/);
  expect(response.headers.get('warning')).toBeNull();
});

test('the stock OpenAI SDK mints with nothing changed but baseURL and apiKey', async ({ host, expect }) => {
  const client = new OpenAI({ baseURL: `${host.url}/v1`, apiKey: host.userToken });

  const secret = await client.realtime.clientSecrets.create({
    expires_after: { anchor: 'created_at', seconds: 120 },
    session: { type: 'realtime', model: 'gpt-realtime-2.1', instructions: 'Answer in one sentence.' },
  });

  expect(secret.value).toMatch(/^ek_/);
  expect(secret.session.type).toBe('realtime');
});

test('the stock SDK gets its own typed errors and does not retry what cannot help', async ({
  host,
  expect,
}) => {
  const client = new OpenAI({ baseURL: `${host.url}/v1`, apiKey: await host.issuer.sign({ exp: 1 }) });

  const error: unknown = await client.realtime.clientSecrets.create({}).catch((thrown: unknown) => thrown);

  expect(error).toBeInstanceOf(AuthenticationError);
  expect(error).toMatchObject({ status: 401, code: 'token_expired', type: 'invalid_request_error' });
});

test('an empty body mints the default session for the default time', async ({ host, expect }) => {
  const response = await host.fetch(PATH, {
    method: 'POST',
    headers: { authorization: `Bearer ${host.userToken}` },
  });

  expect(response.status).toBe(200);
  const secret = secretSchema.parse(await response.json());
  expect(secret.session).toMatchObject({ type: 'realtime', model: 'gpt-realtime-2.1' });
  expect(secret.expires_at - Date.now() / 1_000).toBeGreaterThan(590);
});

test('a transcription session is minted with its model two levels down', async ({ host, expect }) => {
  const response = await host.post(PATH, {
    session: { type: 'transcription', audio: { input: { transcription: { model: 'gpt-live-transcribe' } } } },
  });

  expect(response.status).toBe(200);
  expect(secretSchema.parse(await response.json()).session.type).toBe('transcription');
});

test('the session row is stored before the answer and holds no token', async ({ host, expect }) => {
  const response = await host.post(PATH, {
    session: { type: 'realtime', instructions: 'the-secret-recipe' },
  });
  const secret = secretSchema.parse(await response.json());
  const id = response.headers.get('x-broker-session-id');

  const [row] = await host.readRows('select * from sessions where id = ?', [id]);

  expect(row).toMatchObject({
    state: 'issued',
    provider_session_id: secret.session.id,
    request_id: response.headers.get('x-request-id'),
    user_name: 'Demo user',
    is_demo: 0,
  });
  const stored = JSON.stringify(Object.values(row ?? {}));
  expect(stored).not.toContain(secret.value);
  expect(stored).not.toContain(secret.value.slice(3));
  expect(stored).not.toContain('the-secret-recipe');
});

test('a model that the provider will shut down is minted with a warning, a deprecation and a sunset', async ({
  host,
  expect,
}) => {
  const response = await host.post(PATH, { session: { type: 'realtime', model: 'gpt-realtime' } });

  expect(response.status).toBe(200);
  expect(response.headers.get('warning')).toMatch(
    /^299 - ".*gpt-realtime.*2027-01-20.*gpt-realtime-2\.1.*"$/,
  );
  expect(response.headers.get('deprecation')).toMatch(/^@\d{10}$/);
  expect(response.headers.get('sunset')).toBe('Thu, 21 Jan 2027 00:00:00 GMT');
});

test('a lifetime beyond the maximum of the project is cut, and the answer says so', async ({
  host,
  expect,
}) => {
  const response = await host.post(PATH, { expires_after: { anchor: 'created_at', seconds: 7_200 } });

  const secret = secretSchema.parse(await response.json());
  expect(secret.expires_at - Date.now() / 1_000).toBeLessThanOrEqual(3_601);
  expect(response.headers.get('warning')).toContain('3600');
});

for (const { name, body, param } of [
  { name: 'a TTL under 10 s', body: { expires_after: { seconds: 9 } }, param: 'expires_after.seconds' },
  { name: 'a TTL over 7200 s', body: { expires_after: { seconds: 7_201 } }, param: 'expires_after.seconds' },
  { name: 'a TTL as text', body: { expires_after: { seconds: '60' } }, param: 'expires_after.seconds' },
  { name: 'another anchor', body: { expires_after: { anchor: 'now' } }, param: 'expires_after.anchor' },
  { name: 'an unknown field', body: { user_id: 'somebody' }, param: 'user_id' },
  {
    name: 'an unknown field of the session',
    body: { session: { type: 'realtime', temperature: 0.8 } },
    param: 'session.temperature',
  },
  { name: 'an unknown type', body: { session: { type: 'telepathy' } }, param: 'session.type' },
  {
    name: 'an unknown model',
    body: { session: { type: 'realtime', model: 'gpt-nobody' } },
    param: 'session.model',
  },
  {
    name: 'an unknown voice',
    body: { session: { type: 'realtime', audio: { output: { voice: 'nobody' } } } },
    param: 'session.audio.output.voice',
  },
  {
    name: 'a tool without a name',
    body: { session: { type: 'realtime', tools: [{ type: 'function' }] } },
    param: 'session.tools[0].name',
  },
]) {
  test(`${name} is refused with its field named, and nobody is asked`, async ({ host, expect }) => {
    await host.simulator.admin.reset();

    const response = await host.post(PATH, body);

    expect(response.status).toBe(400);
    expect(response.headers.get('x-should-retry')).toBe('false');
    expect(await response.json()).toMatchObject({ error: { type: 'invalid_request_error', param } });
    expect(await host.simulator.admin.requests()).toEqual([]);
  });
}

test('the upstream gets an allowlist: no field of the caller but the session, no header of the caller', async ({
  host,
  expect,
}) => {
  await host.simulator.admin.reset();
  await host.post(
    PATH,
    { session: { type: 'realtime', model: 'gpt-realtime-2.1' } },
    {
      headers: {
        'openai-organization': 'org-attacker',
        'openai-project': 'proj_attacker',
        'openai-safety-identifier': 'somebody-else',
        'x-portkey-custom-host': 'http://169.254.169.254',
        cookie: 'a=b',
      },
    },
  );

  const requests = await host.simulator.admin.requests();

  expect(requests).toHaveLength(1);
  const seen = JSON.stringify(requests);
  expect(seen).not.toContain('attacker');
  expect(seen).not.toContain('somebody-else');
  expect(seen).not.toContain('169.254');
  expect(seen).not.toContain(host.userToken);
});

test('no answer and no log line holds the provider key or a user token', async ({ host, expect }) => {
  await host.simulator.admin.setFault({
    match: { path: PATH },
    action: {
      kind: 'status',
      status: 401,
      body: {
        error: { message: `Incorrect API key provided: ${CANARY_KEY}`, type: 'x', code: 'invalid_api_key' },
      },
    },
  });

  const response = await host.post(PATH, {});

  expect(response.status).toBe(502);
  expect(await response.text()).not.toContain('CANARY');
  expect(host.logs()).not.toContain('CANARY');
  expect(host.logs()).not.toContain(host.userToken.slice(0, 60));
  expect(host.logs()).not.toMatch(/ek_\w/);
  const rows = await host.readRows('select * from sessions');
  expect(JSON.stringify(rows)).not.toContain('CANARY');
});
