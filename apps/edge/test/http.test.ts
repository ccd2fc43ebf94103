import { request as httpRequest } from 'node:http';

import * as z from 'zod';

import { ALLOWED_ORIGIN, type TestHost } from './support/host.ts';
import { test } from './support/host-test.ts';

const MINT = '/v1/realtime/client_secrets';

type RawAnswer = { status: number; body: string };

/** Without fetch's normalising: the path goes out as it is written. */
async function getRaw(
  host: TestHost,
  path: string,
  headers: Record<string, string> = {},
): Promise<RawAnswer> {
  const { promise, resolve, reject } = Promise.withResolvers<RawAnswer>();
  const { hostname, port } = new URL(host.url);
  const request = httpRequest({ hostname, port, path, method: 'GET', headers }, (response) => {
    let body = '';
    response.on('data', (chunk: Buffer) => {
      body += chunk.toString();
    });
    response.on('end', () => {
      resolve({ status: response.statusCode ?? 0, body });
    });
  });
  request.once('error', reject);
  request.end();
  return await promise;
}

test('the process says that it is alive, and nothing else', async ({ host, expect }) => {
  const response = await host.fetch('/healthz');

  expect(response.status).toBe(200);
  expect(await response.json()).toEqual({ status: 'ok' });
});

test('the well-known accounts are told where the host is a demo, and nowhere else', async ({
  host,
  expect,
}) => {
  const { accounts } = z
    .object({ accounts: z.array(z.object({ email: z.string() })) })
    .parse(await (await host.fetch('/api/demo')).json());

  const expected = host.kind === 'node' ? ['operator@demo.local', 'user@demo.local'] : [];
  expect(accounts.map(({ email }) => email)).toEqual(expected);
});

test('readiness means a database that answers and a current schema', async ({ host, expect }) => {
  const response = await host.fetch('/readyz');

  expect(response.status).toBe(200);
  expect(await response.json()).toEqual({
    status: 'ready',
    checks: { database: 'ok', migrations: 'ok', keyring: 'ok' },
  });
});

test('an answer names its request, with the id of the caller when that is harmless', async ({
  host,
  expect,
}) => {
  const offered = await host.fetch('/healthz', { headers: { 'x-request-id': 'trace-42' } });
  expect(offered.headers.get('x-request-id')).toBe('trace-42');
  for (const id of ['a b', 'x'.repeat(256), '{"a":1}', '<script>']) {
    const response = await host.fetch('/healthz', { headers: { 'x-request-id': id } });
    expect(response.headers.get('x-request-id')).toMatch(/^req_/);
  }
});

test('one line a request, without query, token or body', async ({ host, expect }) => {
  await (
    await host.post(
      `${MINT}?secret=hunter2`,
      { session: { type: 'realtime', instructions: 'whisper-this' } },
      {
        headers: { 'x-request-id': 'logged-once' },
      },
    )
  ).text();
  await expect.poll(() => host.logs(), { timeout: 5_000 }).toContain('logged-once');

  const lines = host
    .logs()
    .split('\n')
    .filter((line) => line.includes('"msg":"request"') && line.includes('logged-once'));
  expect(lines).toHaveLength(1);
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({
    level: 'info',
    request_id: 'logged-once',
    method: 'POST',
    path: MINT,
    status: 200,
    duration_ms: expect.any(Number),
    session_id: expect.stringMatching(/^ses_/),
  });
  expect(host.logs()).not.toMatch(/hunter2|whisper-this|Bearer|eyJ/);
});

test('data is never cached, sniffed or framed', async ({ host, expect }) => {
  for (const path of ['/healthz', MINT, '/trpc/me.get', '/api/auth/get-session', '/nothing/here.txt']) {
    const { headers } = await host.fetch(path);
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('cache-control')).toContain('no-store');
    expect(headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(headers.get('vary')).toContain('Origin');
    expect(headers.get('x-powered-by')).toBeNull();
  }
});

test('only configured origins may read an answer from another site', async ({ host, expect }) => {
  const allowed = await host.fetch('/healthz', { headers: { origin: ALLOWED_ORIGIN } });
  expect(allowed.headers.get('access-control-allow-origin')).toBe(ALLOWED_ORIGIN);
  expect(allowed.headers.get('access-control-allow-credentials')).toBeNull();
  expect(allowed.headers.get('access-control-expose-headers')).toContain('X-Broker-Session-Id');
  for (const origin of [
    'null',
    'https://evil.com',
    `${ALLOWED_ORIGIN}.evil.com`,
    ALLOWED_ORIGIN.replace('https', 'http'),
    `${ALLOWED_ORIGIN}:8443`,
    ALLOWED_ORIGIN.toUpperCase(),
  ]) {
    const response = await host.fetch('/healthz', { headers: { origin } });
    expect(response.headers.get('access-control-allow-origin')).toBeNull();
    expect(response.headers.get('vary')).toContain('Origin');
  }
});

test('a preflight allows what the SDKs send, for a configured origin', async ({ host, expect }) => {
  const ask = (origin: string) =>
    host.fetch(MINT, {
      method: 'OPTIONS',
      headers: {
        origin,
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'authorization,content-type,x-stainless-lang,x-evil',
      },
    });

  const allowed = await ask(ALLOWED_ORIGIN);
  expect(allowed.status).toBe(204);
  expect(allowed.headers.get('access-control-allow-headers')).toBe(
    'authorization, content-type, x-stainless-lang',
  );
  expect(allowed.headers.get('access-control-allow-methods')).toContain('POST');
  const stranger = await ask('https://evil.com');
  expect(stranger.headers.get('access-control-allow-origin')).toBeNull();
  expect(stranger.headers.get('access-control-allow-methods')).toBeNull();
});

test('the page runs its own scripts only, and reaches the provider', async ({ host, expect }) => {
  const response = await host.fetch('/');

  expect(response.status).toBe(200);
  const policy = response.headers.get('content-security-policy') ?? '';
  expect(policy).toContain("script-src 'self';");
  expect(policy).not.toMatch(/unsafe-|\*/);
  expect(policy).toContain(
    `connect-src 'self' ${host.simulator.url} ${host.simulator.url.replace('http', 'ws')}`,
  );
  for (const directive of [
    "default-src 'none'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
    "object-src 'none'",
  ]) {
    expect(policy).toContain(directive);
  }
  expect(response.headers.get('permissions-policy')).toContain('microphone=(self)');
  expect(response.headers.get('referrer-policy')).toBe('no-referrer');
  expect(response.headers.get('cross-origin-opener-policy')).toBe('same-origin');
});

test('the page is asked for again each time, its hashed files never', async ({ host, expect }) => {
  const page = await host.fetch('/');
  const etag = page.headers.get('etag') ?? '';
  expect(page.headers.get('cache-control')).toBe('no-cache');
  expect(page.headers.get('content-type')).toMatch(/^text\/html/);
  expect(etag).not.toBe('');
  const again = await host.fetch('/', { headers: { 'if-none-match': etag } });
  expect(again.status).toBe(304);

  const script = await host.fetch('/assets/app-0a1b2c3d.js');
  expect(script.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
  expect(script.headers.get('content-type')).toMatch(/javascript/);
  expect(script.headers.get('x-content-type-options')).toBe('nosniff');
  expect(await script.text()).toContain('loaded');
});

test("paths of the web app's router get the page, with GET and HEAD", async ({ host, expect }) => {
  for (const path of ['/sessions', '/sessions/ses_0123', '/playground/']) {
    const response = await host.fetch(path);
    expect(response.status).toBe(200);
    expect(await response.text()).toContain('Ephemera test page');
  }
  const head = await host.fetch('/sessions', { method: 'HEAD' });
  expect(head.status).toBe(200);
  expect(await head.text()).toBe('');
  expect((await host.fetch('/sessions', { method: 'POST' })).status).toBe(404);
});

for (const path of [
  '/api/unknown',
  '/v1/realtime/unknown',
  '/API/v1/webrtc/turn-credentials',
  '/Trpc/me.get',
  '/assets/missing-0a1b2c3d.js',
  '/favicon-that-is-not-there.ico',
  '//api/v1/webrtc/turn-credentials',
  '/%61pi/v1/webrtc/turn-credentials',
  '/api%2fv1%2fwebrtc%2fturn-credentials',
  '/api;x/v1/webrtc/turn-credentials',
  '/./api/v1/webrtc/turn-credentials',
  '/x/../api/v1/webrtc/turn-credentials',
  '/..%2f..%2fpackage.json',
  '/%2e%2e/%2e%2e/package.json',
  '/assets/..%2findex.html',
  '/assets/%2e%2e/%2e%2e/package.json',
  '/\\..\\package.json',
  '/index.html%00.js',
]) {
  test(`${path} gets neither a page nor anything behind a guard`, async ({ host, expect }) => {
    const { status, body } = await getRaw(host, path);

    expect([400, 401, 404]).toContain(status);
    expect(body).not.toContain('Ephemera test page');
    expect(body).not.toContain('iceServers');
    expect(body).not.toContain('"workspaces"');
  });
}

test('a Host or forwarding field that names another route or peer changes nothing', async ({
  host,
  expect,
}) => {
  for (const headers of [
    {
      'x-forwarded-host': 'evil.example.test',
      'x-forwarded-proto': 'https',
      'x-forwarded-prefix': '/healthz',
    },
    { 'x-original-url': '/healthz', 'x-rewrite-url': '/healthz' },
    { 'x-http-method-override': 'GET', 'x-forwarded-for': '127.0.0.1' },
  ] as Record<string, string>[]) {
    const { status, body } = await getRaw(host, '/api/v1/webrtc/turn-credentials', headers);
    expect(status).toBe(401);
    expect(body).not.toContain('iceServers');
  }
  // workerd takes this Host into the address and so finds another route, which is what then decides.
  const misleading = await getRaw(host, '/api/v1/webrtc/turn-credentials', { host: 'x/healthz?' });
  expect(misleading.body).not.toContain('iceServers');
});

test('an answer in any error shape carries its request id and no stack', async ({ host, expect }) => {
  for (const path of [
    MINT,
    '/api/realtime/end',
    '/api/v1/webrtc/turn-credentials',
    '/trpc/nothing',
    '/.well-known/x',
  ]) {
    const response = await host.fetch(path, {
      headers: { authorization: `Bearer ${host.userToken}` },
      method: 'POST',
    });
    const text = await response.text();
    expect(response.status).toBeGreaterThanOrEqual(path === MINT ? 200 : 400);
    expect(text).not.toContain('"stack"');
    expect(text).not.toMatch(/\.ts:\d|node_modules/);
    if (response.status >= 400) expect(text).toContain(response.headers.get('x-request-id') ?? 'no id');
  }
});
