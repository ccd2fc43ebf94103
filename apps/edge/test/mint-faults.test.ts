import type { Fault } from '@ephemera/openai-simulator';

import { startHost, type TestHost } from './support/host.ts';
import { test } from './support/host-test.ts';
import { startRedirectingUpstream } from './support/redirecting-upstream.ts';
import { connectOperator } from './support/trpc.ts';

const PATH = '/v1/realtime/client_secrets';

/** What a test did to the one key of this host is no concern of the next: an operator enables it again. */
async function enableKeys(host: TestHost): Promise<void> {
  await host.simulator.admin.reset();
  const operator = await connectOperator(host);
  const { items } = await operator.keys.list.query({});
  for (const { id, state } of items) if (state !== 'active') await operator.keys.enable.mutate({ id });
}

test.beforeEach(async ({ host }) => {
  await enableKeys(host);
});

async function mintUnder(host: TestHost, action: Fault['action']): Promise<Response> {
  await host.simulator.admin.setFault({ match: { path: PATH }, times: 0, action });
  return await host.post(PATH, {});
}

async function readRow(host: TestHost, response: Response) {
  const id = response.headers.get('x-broker-session-id');
  const [row] = await host.readRows('select state, ended_by, reason, attempts from sessions where id = ?', [
    id,
  ]);
  return row;
}

for (const { name, action, status, code, shouldRetry } of [
  {
    name: 'a refused key',
    action: { kind: 'status', status: 401 },
    status: 502,
    code: 'provider_error',
    shouldRetry: 'false',
  },
  {
    name: 'a used-up quota',
    action: {
      kind: 'status',
      status: 429,
      body: { error: { message: 'You exceeded your current quota', type: 'x', code: 'insufficient_quota' } },
    },
    status: 502,
    code: 'provider_error',
    shouldRetry: 'false',
  },
  {
    name: 'a rate limit',
    action: { kind: 'status', status: 429, retryAfterMs: 10 },
    status: 503,
    code: 'provider_rate_limited',
    shouldRetry: null,
  },
  {
    name: 'a server error',
    action: { kind: 'status', status: 500, headers: { 'retry-after-ms': '5' } },
    status: 502,
    code: 'provider_error',
    shouldRetry: null,
  },
  {
    name: 'an answer that is not JSON',
    action: { kind: 'garbage', body: '<html>hello</html>', contentType: 'text/html' },
    status: 502,
    code: 'provider_invalid_answer',
    shouldRetry: null,
  },
  {
    name: 'an answer without a secret',
    action: { kind: 'garbage', body: '{"value":17}', contentType: 'application/json' },
    status: 502,
    code: 'provider_invalid_answer',
    shouldRetry: null,
  },
] as const satisfies {
  name: string;
  action: Fault['action'];
  status: number;
  code: string;
  shouldRetry: unknown;
}[]) {
  test(`${name} becomes ${status} ${code} and a failed session row`, async ({ host, expect }) => {
    const response = await mintUnder(host, action);

    expect(response.status).toBe(status);
    expect(response.headers.get('x-should-retry')).toBe(shouldRetry);
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(await response.json()).toMatchObject({ error: { type: 'server_error', code, param: null } });
    const row = await readRow(host, response);
    expect(row).toMatchObject({ state: 'failed', ended_by: 'error' });
    expect(String(row?.['attempts'])).toMatch(/^\[\{/);
  });
}

test('a dropped connection becomes 502 and a failed session row', async ({ host, expect }) => {
  const response = await mintUnder(host, { kind: 'drop' });

  expect(response.status).toBe(502);
  expect(await response.json()).toMatchObject({
    error: { type: 'server_error', code: 'provider_unreachable' },
  });
  expect(await readRow(host, response)).toMatchObject({ state: 'failed', ended_by: 'error' });
});

test('a rate limit says when to come back, in both fields that SDKs read', async ({ host, expect }) => {
  const response = await mintUnder(host, { kind: 'status', status: 429, retryAfterMs: 120_000 });

  expect(response.status).toBe(503);
  expect(Number(response.headers.get('retry-after'))).toBe(120);
  expect(Number(response.headers.get('retry-after-ms'))).toBe(120_000);
});

test('a fault that passes is retried and costs the caller nothing but time', async ({ host, expect }) => {
  await host.simulator.admin.setFault({
    match: { path: PATH },
    times: 1,
    action: { kind: 'status', status: 503, headers: { 'retry-after-ms': '5' } },
  });

  const response = await host.post(PATH, {});

  expect(response.status).toBe(200);
  const row = await readRow(host, response);
  expect(row).toMatchObject({ state: 'issued' });
  expect(JSON.parse(String(row?.['attempts']))).toHaveLength(2);
});

test('a slow provider is waited for', async ({ host, expect }) => {
  const response = await mintUnder(host, { kind: 'delay', ms: 400 });

  expect(response.status).toBe(200);
});

test(
  'a provider that never answers ends in 504 after 10 s',
  { timeout: 40_000 },
  async ({ host, expect }) => {
    const startedAt = performance.now();

    const response = await mintUnder(host, { kind: 'hang' });

    expect(response.status).toBe(504);
    expect(performance.now() - startedAt).toBeLessThan(13_000);
    expect(await response.json()).toMatchObject({ error: { code: 'provider_timeout' } });
    expect(await readRow(host, response)).toMatchObject({ state: 'failed', reason: 'upstream_timeout' });
  },
);

test('a redirect of the provider is not followed', async ({ expect }) => {
  await using other = await startRedirectingUpstream();
  await using redirected = await startHost({ OPENAI_BASE_URL: `${other.url}/v1` });

  const response = await redirected.post(PATH, {});

  expect(response.status).toBe(502);
  expect(new Set(other.paths())).toEqual(new Set([PATH]));
});
