import { test } from 'vitest';

import type { Answer } from '../../test/fixtures.ts';
import { createTestClock, createUpstream, PROVIDER_KEY, START_MS } from '../../test/fixtures.ts';
import { ResponseTooLargeError } from './http-send.ts';
import type { OpenAiOptions } from './openai.ts';
import { createOpenAiProvider } from './openai.ts';
import type { MintRequest } from './realtime-provider.ts';

const REQUEST: MintRequest = {
  key: { id: 'environment', secret: PROVIDER_KEY },
  ttlSeconds: 60,
  session: { type: 'realtime', model: 'gpt-realtime-2.1', instructions: 'Be brief.' },
  safetyIdentifier: 'c0ffee',
};

function setUp(options: Partial<OpenAiOptions> = {}) {
  const clock = createTestClock();
  const upstream = createUpstream(clock);
  const base = { baseUrl: 'https://upstream.test/v1', send: upstream.send, clock, random: () => 0 };
  return { clock, upstream, provider: createOpenAiProvider({ ...base, ...options }) };
}

const limited = (): Answer => ({
  status: 429,
  headers: { 'retry-after-ms': '0' },
  body: { error: { message: 'slow', type: 'x', code: 'rate_limit_exceeded' } },
});

test('sends the key, the safety identifier and the session, and nothing of its own', async ({ expect }) => {
  const { provider, upstream } = setUp({ organization: 'org-1', project: 'proj-1' });
  expect(await provider.mint(REQUEST)).toMatchObject({ ok: true, secret: { value: 'ek_secret_1' } });
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
    session: REQUEST.session,
  });
  expect(provider.callsUrl).toBe('https://upstream.test/v1/realtime/calls');
});

test('tries again twice at most, and records each attempt', async ({ expect }) => {
  const { provider, upstream } = setUp();
  upstream.answer(limited, () => ({ status: 500, headers: { 'retry-after-ms': '0' } }));
  expect(await provider.mint(REQUEST)).toMatchObject({
    ok: true,
    attempts: [
      { status: 429, code: 'rate_limit_exceeded', durationMs: 0 },
      { status: 500, code: null },
      { status: 200, code: null },
    ],
  });
  upstream.answer(limited, limited, limited, limited);
  const failed = await provider.mint(REQUEST);
  expect(failed).toMatchObject({ ok: false, error: { code: 'upstream_rate_limited', httpStatus: 503 } });
  expect(failed.attempts).toHaveLength(3);
});

test('does not knock again where it is unwelcome', async ({ expect }) => {
  for (const [status, code] of [
    [401, 'invalid_api_key'],
    [403, null],
    [429, 'insufficient_quota'],
    [400, 'invalid_value'],
  ] as const) {
    const { provider, upstream } = setUp();
    upstream.answer(() => ({
      status,
      body: { error: { message: 'no', type: 'invalid_request_error', code, param: null } },
    }));
    const result = await provider.mint(REQUEST);
    expect(result, `${status}`).toMatchObject({
      ok: false,
      error: { code: 'upstream_rejected', httpStatus: 502, details: { provider: { status, code } } },
    });
    expect(upstream.requests).toHaveLength(1);
  }
});

test('nothing of an error body gets out but a known code, least of all a key', async ({ expect }) => {
  const { provider, upstream } = setUp();
  const message = `Incorrect API key provided: ${PROVIDER_KEY}. You can find your key at …`;
  upstream.answer(() => ({
    status: 401,
    headers: { 'x-leak': PROVIDER_KEY, 'set-cookie': PROVIDER_KEY },
    body: { error: { message, type: PROVIDER_KEY, code: `invalid_${PROVIDER_KEY}`, param: PROVIDER_KEY } },
  }));
  const result = await provider.mint(REQUEST);
  expect(JSON.stringify(result)).not.toContain('CANARY');
  expect(!result.ok && result.error.message).not.toContain('CANARY');
  expect(!result.ok && result.error.cause).toBeUndefined();
});

test('a transport that quotes the key in its error does not get it out either', async ({ expect }) => {
  const { provider } = setUp({
    send: () =>
      Promise.reject(new TypeError(`Headers.append: "Bearer ${PROVIDER_KEY}" is an invalid header value.`)),
    timeoutMs: 100,
  });
  const result = await provider.mint(REQUEST);
  expect(result).toMatchObject({ ok: false, error: { code: 'upstream_unreachable', httpStatus: 502 } });
  expect(!result.ok && String(result.error.cause)).toContain('invalid header value');
  expect(!result.ok && String(result.error.cause)).not.toContain('CANARY');
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
    const result = await provider.mint(REQUEST);
    expect(result, JSON.stringify(answer)).toMatchObject({
      ok: false,
      error: { code: 'upstream_invalid', httpStatus: 502 },
    });
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
  expect(await provider.mint(REQUEST)).toMatchObject({ ok: false, error: { code: 'upstream_invalid' } });
});

test('a provider that never answers is given up at the deadline, whatever it does with the signal', async ({
  expect,
}) => {
  let signal: AbortSignal | undefined;
  const { provider } = setUp({
    timeoutMs: 20,
    send: (request) => {
      ({ signal } = request);
      return new Promise(() => undefined);
    },
  });
  expect(await provider.mint(REQUEST)).toMatchObject({
    ok: false,
    error: { code: 'upstream_timeout', httpStatus: 504 },
    attempts: [{ status: null, code: 'timeout' }],
  });
  expect(signal?.aborted).toBe(true);
});

test('a limit tells when to come back', async ({ expect }) => {
  const { provider, upstream } = setUp();
  upstream.answer(() => ({ status: 429, headers: { 'retry-after': '30' } }));
  expect(await provider.mint(REQUEST)).toMatchObject({
    ok: false,
    error: { code: 'upstream_rate_limited', details: { retryAfterSeconds: 30 } },
  });
  expect(upstream.requests).toHaveLength(1);
});
