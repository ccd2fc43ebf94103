import { expect, test } from 'vitest';

import type { ProviderKey } from '../src/provider-key.ts';
import { createWireKey, goAway, refuse } from './support/fake-key-server.ts';
import { catchError, setUp } from './support/set-up.ts';

class ApiError extends Error {
  readonly status: number;
  readonly code: string | null;
  readonly headers: Headers;

  constructor(status: number, code: string | null = null, headers: Record<string, string> = {}) {
    super(`${status} ${code}`);
    this.status = status;
    this.code = code;
    this.headers = new Headers(headers);
  }
}

const THREE = ['k1', 'k2', 'k3'].map((id) => createWireKey(id));

/** Fails with the given error on the named keys, and tells which were used. */
function failOn(failures: Record<string, () => unknown>) {
  const used: string[] = [];
  const run = (key: ProviderKey): string => {
    used.push(key.id);
    const failure = failures[key.id];
    if (failure) throw failure();
    return `answer with ${key.key}`;
  };
  return { used, run };
}

async function readReports({ client, server }: ReturnType<typeof setUp>) {
  await client.flush();
  return server
    .posts()
    .flatMap(({ reports }) => reports)
    .map(({ keyId, success, error }) => ({ keyId, success, error }));
}

test('runs with a healthy key and reports the use', async () => {
  const parts = setUp();
  const { run } = failOn({});

  expect(await parts.client.withApiKey('gemini', run)).toBe('answer with secret-of-k1');
  expect(await readReports(parts)).toEqual([{ keyId: 'k1', success: true, error: undefined }]);
});

test.each([
  { name: '401', error: () => new ApiError(401), reported: 'invalid_api_key' },
  {
    name: '401 of a closed account',
    error: () => new ApiError(401, 'account_deactivated'),
    reported: 'account_deactivated',
  },
  {
    name: '403 with a code of keys',
    error: () => new ApiError(403, 'invalid_api_key'),
    reported: 'invalid_api_key',
  },
  { name: '402', error: () => new ApiError(402), reported: 'insufficient_quota' },
  { name: '429', error: () => new ApiError(429), reported: 'rate_limit_exceeded' },
  {
    name: '429 of an empty account',
    error: () => new ApiError(429, 'insufficient_quota'),
    reported: 'insufficient_quota',
  },
  {
    name: '400 over a hard limit',
    error: () => new ApiError(400, 'billing_hard_limit_reached'),
    reported: 'billing_hard_limit_reached',
  },
  { name: 'a code alone', error: () => ({ code: 'insufficient_quota' }), reported: 'insufficient_quota' },
  { name: 'statusCode', error: () => ({ statusCode: 429 }), reported: 'rate_limit_exceeded' },
  { name: 'response.status', error: () => ({ response: { status: 401 } }), reported: 'invalid_api_key' },
  {
    name: "Google's 400 for a bad key",
    error: () => ({
      status: 400,
      error: { code: 400, status: 'INVALID_ARGUMENT', details: [{ reason: 'API_KEY_INVALID' }] },
    }),
    reported: 'invalid_api_key',
  },
  {
    name: 'a thrown Response',
    error: () => new Response('{}', { status: 429 }),
    reported: 'rate_limit_exceeded',
  },
])('$name: the next key is tried, and the report says $reported', async ({ error, reported }) => {
  const parts = setUp();
  const { run, used } = failOn({ k1: error });

  expect(await parts.client.withApiKey('gemini', run)).toBe('answer with secret-of-k2');
  expect(used).toEqual(['k1', 'k2']);
  expect(await readReports(parts)).toEqual([
    { keyId: 'k1', success: false, error: reported },
    { keyId: 'k2', success: true, error: undefined },
  ]);
});

test.each([
  {
    name: '403 without a code of keys',
    error: new ApiError(403),
    report: { success: true, error: undefined },
  },
  { name: '400', error: new ApiError(400, 'invalid_value'), report: { success: true, error: undefined } },
  { name: '404', error: new ApiError(404, 'model_not_found'), report: { success: true, error: undefined } },
  { name: '500', error: new ApiError(500), report: { success: false, error: 'http_500' } },
  {
    name: '503 that names a rate',
    error: new ApiError(503, 'rate_limit_exceeded'),
    report: { success: false, error: 'http_503' },
  },
  {
    name: 'a broken connection',
    error: new TypeError('fetch failed'),
    report: { success: true, error: undefined },
  },
  { name: 'a text', error: 'nope', report: { success: true, error: undefined } },
])('$name is thrown at once: another key would not help', async ({ error, report }) => {
  const parts = setUp();
  const { run, used } = failOn({ k1: () => error });

  expect(await catchError(parts.client.withApiKey('gemini', run))).toBe(error);
  expect(used).toEqual(['k1']);
  expect(await readReports(parts)).toEqual([{ keyId: 'k1', ...report }]);
});

test('at most three keys are tried, or as many as asked; the last error is thrown', async () => {
  const four = [...THREE, createWireKey('k4')];
  const failures = Object.fromEntries(four.map(({ id }) => [id, () => new ApiError(401, id)]));
  const first = failOn(failures);
  const error = await catchError(setUp({}, four).client.withApiKey('gemini', first.run));
  expect(first.used).toEqual(['k1', 'k2', 'k3']);
  expect(error).toMatchObject({ status: 401, code: 'k3' });

  const second = failOn(failures);
  await catchError(setUp({}, four).client.withApiKey('gemini', second.run, { maxTries: 1 }));
  expect(second.used).toEqual(['k1']);
});

test('a returned Response with such a status counts like a thrown one; the last is returned readable', async () => {
  const parts = setUp();
  const answers: Record<string, Response> = {
    k1: Response.json({ error: { code: 'invalid_api_key' } }, { status: 403 }),
    k2: Response.json({ error: { code: 'insufficient_quota' } }, { status: 429 }),
  };

  const response = await parts.client.withApiKey('gemini', ({ id }) => answers[id] ?? new Response('never'));

  expect(response.status).toBe(429);
  expect(await response.json()).toEqual({ error: { code: 'insufficient_quota' } });
  expect(await readReports(parts)).toEqual([
    { keyId: 'k1', success: false, error: 'invalid_api_key' },
    { keyId: 'k2', success: false, error: 'insufficient_quota' },
  ]);
});

test('a returned Response that is not about the key is returned as it is', async () => {
  const parts = setUp();
  const response = await parts.client.withApiKey('gemini', () =>
    Response.json({ error: {} }, { status: 422 }),
  );

  expect(response.status).toBe(422);
  expect(parts.server.gets()).toBe(1);
});

test('a key that has just failed here is left alone until it is fit again', async () => {
  const { client, clock } = setUp();
  const first = failOn({ k1: () => new ApiError(429, null, { 'retry-after-ms': '1500' }) });
  await client.withApiKey('gemini', first.run);
  const second = failOn({});
  for (let call = 0; call < 4; call += 1) await client.withApiKey('gemini', second.run);
  expect(second.used).toEqual(['k2', 'k2', 'k2', 'k2']);
  await clock.advance(1_500);

  const third = failOn({});
  for (let call = 0; call < 3; call += 1) await client.withApiKey('gemini', third.run);
  expect(third.used).toContain('k1');
});

test('where all have failed, the one that is soonest fit again is better than none', async () => {
  const { client } = setUp();
  const both = failOn({
    k1: () => new ApiError(401),
    k2: () => new ApiError(429, null, { 'retry-after': '2' }),
  });
  await catchError(client.withApiKey('gemini', both.run));

  const next = failOn({});
  await client.withApiKey('gemini', next.run);
  expect(next.used).toEqual(['k2']);
});

test('calls at the same time spread over the keys', async () => {
  const { client } = setUp({}, THREE);
  const { promise, resolve } = Promise.withResolvers<void>();
  const running = new Map<string, number>();
  const calls = Array.from({ length: 30 }, () =>
    client.withApiKey('gemini', async ({ id }) => {
      running.set(id, (running.get(id) ?? 0) + 1);
      await promise;
    }),
  );
  await client.listKeys('gemini');
  await new Promise((done) => void setImmediate(done));
  resolve();
  await Promise.all(calls);

  expect(Object.fromEntries(running)).toEqual({ k1: 10, k2: 10, k3: 10 });
});

test('a key that is busy with a long call is passed over for an idle one', async () => {
  const { client } = setUp();
  const { promise, resolve } = Promise.withResolvers<void>();
  const long = client.withApiKey('gemini', () => promise);
  const { run, used } = failOn({});
  for (let call = 0; call < 3; call += 1) await client.withApiKey('gemini', run);
  resolve();
  await long;

  expect(used).toEqual(['k2', 'k2', 'k2']);
});

test('before it gives up, it looks whether the pool has got another key since', async () => {
  const { client, server, clock } = setUp({}, [createWireKey('k1')]);
  await client.getApiKey('gemini');
  server.setKeys([createWireKey('k1'), createWireKey('k7')]);
  await clock.advance(6_000);
  const { run, used } = failOn({ k1: () => new ApiError(401) });

  expect(await client.withApiKey('gemini', run)).toBe('answer with secret-of-k7');
  expect(used).toEqual(['k1', 'k7']);
});

test("where the pool cannot be asked, the provider's error is what is thrown", async () => {
  const { client, server, clock } = setUp({}, [createWireKey('k1')]);
  await client.getApiKey('gemini');
  server.behave(goAway);
  await clock.advance(6_000);
  const { run } = failOn({ k1: () => new ApiError(401) });

  for (let call = 0; call < 5; call += 1) {
    expect(await catchError(client.withApiKey('gemini', run))).toMatchObject({ status: 401 });
  }
  // Known to be away, it is not asked by each call.
  expect(server.gets()).toBe(2);
});

test('a secret that is revoked between two tries does not hide what the provider said', async () => {
  const { client, server, clock } = setUp({ ttlMs: 0, staleMs: 0 });
  const run = async (): Promise<never> => {
    server.behave(refuse(401));
    await clock.advance(10_000);
    throw new ApiError(429);
  };

  expect(await catchError(client.withApiKey('gemini', run))).toMatchObject({ status: 429 });
});

test('an empty pool and a senseless number of tries run nothing', async () => {
  const { client } = setUp({}, []);
  const { run, used } = failOn({});

  expect(await catchError(client.withApiKey('gemini', run))).toMatchObject({ code: 'no_key' });
  expect(await catchError(client.withApiKey('gemini', run, { maxTries: 0 }))).toMatchObject({
    code: 'invalid_options',
  });
  expect(used).toEqual([]);
});
