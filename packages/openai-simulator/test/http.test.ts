import { clientSecretResponseSchema, openAiErrorBodySchema } from '@ephemera/realtime-protocol';
import { afterAll, beforeAll, beforeEach, test } from 'vitest';

import { type Simulator, startSimulator } from '../src/index.ts';
import { createRequester } from './support/http.ts';

let simulator: Simulator;
let request: ReturnType<typeof createRequester>;

beforeAll(async () => {
  simulator = await startSimulator({ apiKeys: ['sk-one', 'sk-two'] });
  request = createRequester(simulator);
});

beforeEach(() => simulator.admin.reset());

afterAll(() => simulator.stop());

const SECRETS = '/v1/realtime/client_secrets';

const nowSeconds = () => Math.floor(Date.now() / 1_000);

test('a secret comes with the whole session and the expiry that was asked for', async ({ expect }) => {
  const body = {
    expires_after: { anchor: 'created_at', seconds: 60 },
    session: { type: 'realtime', model: 'gpt-realtime-2' },
  };
  const response = await request('POST', SECRETS, { body });
  expect(response.status).toBe(200);
  expect(response.headers.get('x-request-id')).toMatch(/^req_/);
  const secret = clientSecretResponseSchema.parse(await response.json());
  expect(secret.expires_at - nowSeconds()).toBeGreaterThanOrEqual(59);
  expect(secret.expires_at - nowSeconds()).toBeLessThanOrEqual(60);
  expect(secret.session).toMatchObject({
    object: 'realtime.session',
    expires_at: 0,
    model: 'gpt-realtime-2',
    output_modalities: ['audio'],
    max_output_tokens: 'inf',
    tool_choice: 'auto',
    truncation: 'auto',
    audio: {
      input: { turn_detection: { type: 'server_vad', silence_duration_ms: 500 } },
      output: { voice: 'alloy' },
    },
  });
});

test('nothing asked for is 600 s of the default session', async ({ expect }) => {
  const response = await request('POST', SECRETS);
  const secret = clientSecretResponseSchema.parse(await response.json());
  expect(secret.expires_at - nowSeconds()).toBeGreaterThanOrEqual(599);
  expect(secret.session.type).toBe('realtime');
});

test('a transcription session is its own kind of object', async ({ expect }) => {
  const response = await request('POST', SECRETS, { body: { session: { type: 'transcription' } } });
  expect(clientSecretResponseSchema.parse(await response.json()).session).toMatchObject({
    object: 'realtime.transcription_session',
    type: 'transcription',
  });
});

test.for([
  [{ expires_after: { seconds: 9 } }, 'expires_after.seconds', 'integer_below_min_value'],
  [{ expires_after: { seconds: 7_201 } }, 'expires_after.seconds', 'integer_above_max_value'],
  [{ expires_after: { seconds: '60' } }, 'expires_after.seconds', 'invalid_type'],
  [{ expires_after: { anchor: 'used_at' } }, 'expires_after.anchor', 'invalid_value'],
  [{ session: {} }, 'session.type', 'missing_required_parameter'],
  [{ session: { type: 'realtime', modalities: ['audio'] } }, 'session.modalities', 'unknown_parameter'],
  [
    { session: { type: 'realtime', output_modalities: ['text', 'audio'] } },
    'session.output_modalities',
    'array_above_max_length',
  ],
  [
    { session: { type: 'realtime', audio: { output: { voice: 'nobody' } } } },
    'session.audio.output.voice',
    'invalid_value',
  ],
  [
    { session: { type: 'realtime', audio: { output: { speed: 2.5 } } } },
    'session.audio.output.speed',
    'decimal_above_max_value',
  ],
  [
    { session: { type: 'realtime', tools: [{ type: 'function' }] } },
    'session.tools[0].name',
    'missing_required_parameter',
  ],
  [{ surplus: true }, 'surplus', 'unknown_parameter'],
] as const)('%j is refused, naming %s', async ([body, param, code], { expect }) => {
  const response = await request('POST', SECRETS, { body });
  expect(response.status).toBe(400);
  const { error } = openAiErrorBodySchema.parse(await response.json());
  expect(error).toMatchObject({ type: 'invalid_request_error', param, code });
});

test('a model that does not exist is 404', async ({ expect }) => {
  const response = await request('POST', SECRETS, {
    body: { session: { type: 'realtime', model: 'gpt-9' } },
  });
  expect(response.status).toBe(404);
  expect(await response.json()).toMatchObject({ error: { code: 'model_not_found', param: 'session.model' } });
});

test.for([
  [{ authorization: '' }, null],
  [{ authorization: 'Basic c2stb25l' }, null],
  [{ authorization: 'Bearer sk-wrong-1234' }, 'invalid_api_key'],
  [{ authorization: 'Bearer ek_invented' }, 'invalid_api_key'],
] as const)('%j is 401', async ([headers, code], { expect }) => {
  const response = await request('POST', SECRETS, { body: {}, headers });
  expect(response.status).toBe(401);
  const text = await response.text();
  expect(JSON.parse(text)).toMatchObject({ error: { code, type: 'invalid_request_error' } });
  expect(text).not.toContain('sk-wrong');
});

test('each project key is accepted, a client secret mints no other', async ({ expect }) => {
  const second = await request('POST', SECRETS, { headers: { authorization: 'Bearer sk-two' } });
  const { value } = clientSecretResponseSchema.parse(await second.json());
  expect((await request('POST', SECRETS, { headers: { authorization: `Bearer ${value}` } })).status).toBe(
    401,
  );
});

test("the retired beta is refused in the provider's words", async ({ expect }) => {
  const message = 'The Realtime Beta API is no longer supported. Please use /v1/realtime for the GA API.';
  const withHeader = await request('POST', SECRETS, { headers: { 'openai-beta': 'realtime=v1' } });
  expect(await withHeader.json()).toMatchObject({ error: { message, code: 'beta_api_shape_disabled' } });
  expect((await request('POST', '/v1/realtime/sessions', { body: {} })).status).toBe(400);
});

test('a browser may ask from anywhere, with the headers of the SDKs and no others', async ({ expect }) => {
  const preflight = await request('OPTIONS', '/v1/realtime/calls', {
    headers: { origin: 'http://localhost:1' },
  });
  expect(preflight.headers.get('access-control-allow-origin')).toBe('*');
  const allowed = preflight.headers.get('access-control-allow-headers') ?? '';
  for (const name of ['authorization', 'content-type', 'x-openai-agents-sdk', 'openai-safety-identifier']) {
    expect(allowed.split(', ')).toContain(name);
  }
  expect(allowed).not.toContain('originator');
  const refused = await request('POST', '/v1/realtime/calls', { headers: { authorization: '' } });
  expect(refused.headers.get('access-control-allow-origin')).toBe('*');
  expect(refused.headers.get('access-control-expose-headers')).toMatch(/Location.*X-Request-Id/);
  const admin = await request('GET', '/_simulator/requests');
  expect(admin.headers.get('access-control-allow-origin')).toBeNull();
});

test('models are listed, unknown URLs and health told apart', async ({ expect }) => {
  const models = await (await request('GET', '/v1/models')).json();
  expect(models).toMatchObject({
    object: 'list',
    data: expect.arrayContaining([expect.objectContaining({ id: 'gpt-realtime-2.1' })]),
  });
  expect((await request('GET', '/v1/nothing')).status).toBe(404);
  expect((await request('GET', '/healthz')).status).toBe(200);
});

test('the log tells what was sent, with keys masked', async ({ expect }) => {
  const headers = { 'openai-safety-identifier': 'user-7', authorization: 'Bearer sk-two' };
  await request('POST', `${SECRETS}?trace=1`, { body: { expires_after: { seconds: 60 } }, headers });
  const [logged] = await simulator.admin.requests();
  expect(logged).toMatchObject({
    kind: 'request',
    method: 'POST',
    path: SECRETS,
    query: { trace: '1' },
    status: 200,
    body: { expires_after: { seconds: 60 } },
    headers: { 'openai-safety-identifier': 'user-7', authorization: 'Bearer …-two' },
  });
  expect(logged?.headers).not.toHaveProperty('x-forwarded-for');
});

test("a refusal by fault looks like the provider's and passes on the waiting time", async ({ expect }) => {
  await simulator.admin.setFault({
    match: { key: 'sk-one' },
    action: { kind: 'status', status: 429, retryAfterMs: 1_500 },
  });
  const limited = await request('POST', SECRETS);
  expect([limited.status, limited.headers.get('retry-after-ms'), limited.headers.get('retry-after')]).toEqual(
    [429, '1500', '2'],
  );
  expect(await limited.json()).toMatchObject({ error: { code: 'rate_limit_exceeded' } });
  expect((await request('POST', SECRETS)).status).toBe(200);
});

test('faults: a given body, garbage, a delay, a dropped connection, silence', async ({ expect }) => {
  const { admin } = simulator;
  const body = {
    error: { message: 'No money.', type: 'insufficient_quota', param: null, code: 'insufficient_quota' },
  };
  await admin.setFault({
    action: { kind: 'status', status: 429, body, headers: { 'x-should-retry': 'false' } },
  });
  const poor = await request('POST', SECRETS);
  expect([await poor.json(), poor.headers.get('x-should-retry')]).toEqual([body, 'false']);

  await admin.setFault({ action: { kind: 'garbage' } });
  const garbage = await request('POST', SECRETS);
  expect([garbage.status, garbage.headers.get('content-type')]).toEqual([200, 'text/html']);

  await admin.setFault({ action: { kind: 'delay', ms: 120 } });
  const startMs = performance.now();
  expect((await request('POST', SECRETS)).status).toBe(200);
  expect(performance.now() - startMs).toBeGreaterThan(110);

  await admin.setFault({ action: { kind: 'drop' } });
  await expect(request('POST', SECRETS)).rejects.toThrow('fetch failed');

  await admin.setFault({ action: { kind: 'hang' } });
  const aborted = fetch(`${simulator.url}${SECRETS}`, { method: 'POST', signal: AbortSignal.timeout(150) });
  await expect(aborted).rejects.toThrow('timeout');
});

test('an admin request that is not JSON or not known is refused', async ({ expect }) => {
  expect(
    (await request('POST', '/_simulator/faults', { body: { action: { kind: 'explode' } } })).status,
  ).toBe(400);
  const plain = await fetch(`${simulator.url}/_simulator/faults`, {
    method: 'POST',
    body: '{"action":{"kind":"drop"}}',
  });
  expect(plain.status).toBe(415);
  await expect(simulator.admin.setScript({ turns: [{ says: '' }] })).rejects.toThrow('turns[0].says');
});
