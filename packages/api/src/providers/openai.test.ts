import { test } from 'vitest';

import type { Answer } from '../../test/fixtures.ts';
import { createTestClock, createUpstream, PROVIDER_KEY, START_MS } from '../../test/fixtures.ts';
import { ResponseTooLargeError } from './http-send.ts';
import type { OpenAiOptions } from './openai.ts';
import { createOpenAiProvider } from './openai.ts';
import type { MintRequest } from './realtime-provider.ts';

const SESSION = { type: 'realtime', model: 'gpt-realtime-2.1', instructions: 'Be brief.' };
const REQUEST: MintRequest = {
  key: { id: 'pkey_env_1', secret: PROVIDER_KEY, source: 'environment' },
  ttlSeconds: 60,
  sessionJson: JSON.stringify(SESSION),
  safetyIdentifier: 'c0ffee',
  timeoutMs: 5_000,
};

function setUp(options: Partial<OpenAiOptions> = {}) {
  const clock = createTestClock();
  const upstream = createUpstream(clock);
  const base = { baseUrl: 'https://upstream.test/v1', send: upstream.send, clock };
  return { clock, upstream, provider: createOpenAiProvider({ ...base, ...options }) };
}

test('sends the key, the safety identifier and the session, and nothing of its own', async ({ expect }) => {
  const { provider, upstream } = setUp({ organization: 'org-1', project: 'proj-1' });
  expect(await provider.tryMint(REQUEST)).toMatchObject({
    kind: 'issued',
    status: 200,
    secret: { value: 'ek_secret_1' },
  });
  const [request] = upstream.requests;
  expect(request).toMatchObject({ method: 'POST', url: 'https://upstream.test/v1/realtime/client_secrets' });
  expect(request?.headers).toEqual({
    authorization: `Bearer ${PROVIDER_KEY}`,
    'content-type': 'application/json',
    accept: 'application/json',
    'openai-safety-identifier': 'c0ffee',
    'openai-organization': 'org-1',
    'openai-project': 'proj-1',
  });
  expect(JSON.parse(request?.body ?? '')).toEqual({
    expires_after: { anchor: 'created_at', seconds: 60 },
    session: SESSION,
  });
  expect(provider.callsUrl).toBe('https://upstream.test/v1/realtime/calls');
});

test('a key of the pool may belong to another organisation, so it goes without the headers of ours', async ({
  expect,
}) => {
  const { provider, upstream } = setUp({ organization: 'org-1', project: 'proj-1' });
  await provider.tryMint({ ...REQUEST, key: { id: 'pkey_1', secret: 'sk-other', source: 'stored' } });
  expect(upstream.requests[0]?.headers['authorization']).toBe('Bearer sk-other');
  expect(Object.keys(upstream.requests[0]?.headers ?? {})).not.toContain('openai-organization');
  expect(Object.keys(upstream.requests[0]?.headers ?? {})).not.toContain('openai-project');
});

test('one try is one request, and tells what came of it', async ({ expect }) => {
  const { provider, upstream } = setUp();
  for (const [status, code] of [
    [401, 'invalid_api_key'],
    [403, null],
    [429, 'rate_limit_exceeded'],
    [500, null],
  ] as const) {
    upstream.answer(() => ({
      status,
      headers: { 'retry-after-ms': '120', 'x-should-retry': 'false' },
      body: { error: { message: 'no', type: 'invalid_request_error', code, param: null } },
    }));
    expect(await provider.tryMint(REQUEST), `${status}`).toEqual({
      kind: 'refused',
      status,
      code,
      headers: { shouldRetry: 'false', retryAfterMs: '120', retryAfter: null },
    });
  }
  expect(upstream.requests).toHaveLength(4);
});

test('nothing of an error body gets out but a known code, least of all a key', async ({ expect }) => {
  const { provider, upstream } = setUp();
  const message = `Incorrect API key provided: ${PROVIDER_KEY}. You can find your key at …`;
  upstream.answer(() => ({
    status: 401,
    headers: { 'x-leak': PROVIDER_KEY, 'set-cookie': PROVIDER_KEY },
    body: { error: { message, type: PROVIDER_KEY, code: `invalid_${PROVIDER_KEY}`, param: PROVIDER_KEY } },
  }));
  const result = await provider.tryMint(REQUEST);
  expect(JSON.stringify(result)).not.toContain('CANARY');
  expect(result).toMatchObject({ kind: 'refused', status: 401, code: null });
});

test('a transport that quotes the key in its error does not get it out either', async ({ expect }) => {
  const { provider } = setUp({
    send: () =>
      Promise.reject(new TypeError(`Headers.append: "Bearer ${PROVIDER_KEY}" is an invalid header value.`)),
  });
  const result = await provider.tryMint(REQUEST);
  expect(result.kind === 'unreachable' && String(result.cause)).toContain('invalid header value');
  expect(result.kind === 'unreachable' && String(result.cause)).not.toContain('CANARY');
});

test('an answer that makes no sense is refused', async ({ expect }) => {
  const secret = {
    value: 'ek_1',
    expires_at: START_MS / 1_000 + 600,
    session: { id: 'sess_1', type: 'realtime' },
  };
  const answers: Answer[] = [
    { body: '<html>hello</html>' },
    { body: '' },
    { body: { ...secret, value: 'sk-not-ephemeral' } },
    { body: { ...secret, expires_at: START_MS / 1_000 - 1 } },
    { body: { ...secret, expires_at: '2026' } },
    { body: { ...secret, session: {} } },
    { status: 302, headers: { location: 'https://elsewhere.test' } },
    { status: 204, body: '' },
  ];
  for (const answer of answers) {
    const { provider, upstream } = setUp();
    upstream.answer(() => answer);
    expect(await provider.tryMint(REQUEST), JSON.stringify(answer)).toMatchObject({ kind: 'invalid' });
    expect(upstream.requests).toHaveLength(1);
  }
});

test('a body without end is cut off', async ({ expect }) => {
  const { provider } = setUp({
    send: async () => ({
      status: 200,
      headers: { get: () => null },
      text: (maxBytes) => Promise.reject(new ResponseTooLargeError(`more than ${maxBytes}`)),
    }),
  });
  expect(await provider.tryMint(REQUEST)).toEqual({ kind: 'invalid', status: null });
});

test('a provider that never answers is given up in time, whatever it does with the signal', async ({
  expect,
}) => {
  let signal: AbortSignal | undefined;
  const { provider } = setUp({
    send: (request) => {
      ({ signal } = request);
      return new Promise(() => undefined);
    },
  });
  expect(await provider.tryMint({ ...REQUEST, timeoutMs: 20 })).toEqual({ kind: 'timeout' });
  expect(signal?.aborted).toBe(true);
});

test('a body that drips does not outlive its time either', async ({ expect }) => {
  const { provider } = setUp({
    send: async () => ({
      status: 200,
      headers: { get: () => null },
      text: () => new Promise(() => undefined),
    }),
  });
  expect(await provider.tryMint({ ...REQUEST, timeoutMs: 20 })).toEqual({ kind: 'timeout' });
});
