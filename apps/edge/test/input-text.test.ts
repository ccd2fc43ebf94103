// What may stand in a text: SQL, patterns' worst cases, control characters; and what answers and logs make of it.
import * as z from 'zod';

import { test } from './support/host-test.ts';
import { requestKeys } from './support/internal.ts';
import { signInOperator } from './support/trpc.ts';

const INJECTIONS = [
  "' or '1'='1",
  "'; drop table sessions; --",
  '") union select secret from two_factors --',
  '%27%20or%201=1',
  '\\',
];

test(
  'security 82: SQL in any field, header or address is text and nothing more',
  { timeout: 60_000 },
  async ({ host, expect }) => {
    const operator = await signInOperator(host);
    const count = async () =>
      await host.readRows(
        'select (select count(*) from sessions) as s, (select count(*) from users) as u, (select count(*) from provider_keys) as k',
      );
    const ask = async (path: string, input: object, headers: Record<string, string> = {}) => {
      const query = encodeURIComponent(JSON.stringify(input));
      const response = await host.fetch(`/trpc/${path}?input=${query}`, {
        headers: { authorization: `Bearer ${operator}`, ...headers },
      });
      return {
        status: response.status,
        text: (await response.text()).replaceAll(/"requestId":"[^"]*"/g, ''),
      };
    };
    const before = await count();
    for (const path of [
      'audit.list',
      'sessions.list',
      'keys.list',
      'users.list',
      'sessions.get',
      'keys.get',
      'accessKeys.get',
    ])
      for (const field of [
        'id',
        'query',
        'actor',
        'action',
        'target',
        'userId',
        'model',
        'provider',
        'from',
      ]) {
        const random = await ask(path, { [field]: 'xq7 zz9 k' });
        for (const text of INJECTIONS)
          expect(await ask(path, { [field]: text }), `${path} ${field} ${text}`).toEqual(random);
      }
    for (const text of INJECTIONS) {
      const headers = {
        'user-agent': text,
        'x-forwarded-for': text,
        cookie: `ephemera.session_token=${encodeURIComponent(text)}`,
      };
      expect((await ask('me.get', {}, headers)).status).toBeLessThan(500);
      expect((await requestKeys(host, { secret: text })).status).toBe(401);
      expect(
        (await host.fetch(`/api/auth/get-session`, { headers: { cookie: headers.cookie } })).status,
      ).toBeLessThan(500);
      expect(
        (await host.fetch(`/v1/realtime/client_secrets?x=${encodeURIComponent(text)}`, { headers })).status,
      ).toBe(404);
    }
    expect(await count()).toEqual(before);
  },
);

test('security 82: a sort, a group or a column that a caller names comes from a list', async ({
  host,
  expect,
}) => {
  const operator = await signInOperator(host);
  for (const [path, input] of [
    [
      'usage.series',
      {
        groupBy: 'user"; --',
        interval: 'hour',
        timeZone: 'UTC',
        from: '2026-11-21T00:00:00Z',
        to: '2026-11-22T00:00:00Z',
      },
    ],
    [
      'usage.series',
      {
        groupBy: 'none',
        interval: '`',
        timeZone: 'UTC',
        from: '2026-11-21T00:00:00Z',
        to: '2026-11-22T00:00:00Z',
      },
    ],
    ['sessions.list', { sort: 'id"' }],
    ['audit.list', { column: '`hash`' }],
  ] as const) {
    const query = encodeURIComponent(JSON.stringify(input));
    const response = await host.fetch(`/trpc/${path}?input=${query}`, {
      headers: { authorization: `Bearer ${operator}` },
    });
    expect([path, response.status]).toEqual([path, 400]);
  }
});

test(
  'security 83: no pattern takes long over a text that is made for it',
  { timeout: 60_000 },
  async ({ host, expect }) => {
    const operator = await signInOperator(host);
    const evil = [
      `${'a'.repeat(40_000)}!`,
      'a@'.repeat(20_000),
      `${'a.'.repeat(20_000)}@`,
      `${' '.repeat(40_000)}x`,
      '1-'.repeat(20_000),
      `${'_'.repeat(40_000)}.`,
    ];
    for (const text of evil) {
      const startedAt = performance.now();
      const answers = await Promise.all([
        host.post('/api/auth/sign-in/email', { email: text, password: text }, { token: null }),
        host.post('/v1/realtime/client_secrets', { session: { type: 'realtime', model: text } }),
        host.post('/trpc/audit.list', { action: text }, { token: operator }),
        host.post('/trpc/keys.add', { provider: text, name: text, key: text }, { token: operator }),
        host.post(
          '/trpc/accessKeys.create',
          { name: text, environment: 'live', scopes: [text], allowedOrigins: [text] },
          { token: operator },
        ),
        host.fetch('/healthz', { headers: { authorization: `Bearer ${text.slice(0, 8_000)}` } }),
      ]);
      for (const { status } of answers) expect(status).toBeLessThan(500);
      expect(performance.now() - startedAt, text.slice(0, 5)).toBeLessThan(1_500);
    }
  },
);

const lineSchema = z.looseObject({ level: z.string(), msg: z.string() });

test('security 85 and 96: whatever is in a name, a path or a header, the log has one JSON line for each event', async ({
  host,
  expect,
}) => {
  const operator = await signInOperator(host);
  const nasty = 'a\r\n{"level":"error","msg":"forged"}\u001B[31m\u0000\u2028';
  const named = await host.post(
    '/trpc/keys.add',
    { provider: 'gemini', name: nasty, key: 'AIza-nasty-0123456789abcdef' },
    { token: operator },
  );
  const created = await host.post(
    '/trpc/accessKeys.create',
    { name: nasty, environment: 'live', scopes: ['tokens:mint'] },
    { token: operator },
  );
  const member = await host.post(
    '/trpc/members.create',
    { name: nasty, email: 'nasty@members.test', role: 'viewer', password: 'a password of the tests' },
    { token: operator },
  );
  await host.fetch(`/${encodeURIComponent(nasty)}?${encodeURIComponent(nasty)}`, {
    headers: { 'x-request-id': 'a%0d%0ab' },
  });
  await host.post(
    '/v1/realtime/client_secrets',
    {},
    { token: await host.issuer.sign({ sub: `user-${nasty}`, name: nasty }) },
  );
  await host.fetch('/healthz', { headers: { 'x-request-id': 'the-last-of-them' } });
  await expect.poll(() => host.logs(), { timeout: 5_000 }).toContain('the-last-of-them');

  expect([named.status, created.status, member.status]).toEqual([400, 400, 400]);
  const lines = host
    .logs()
    .split('\n')
    .filter((line) => line.includes('"msg"'));
  expect(lines.length).toBeGreaterThan(5);
  for (const line of lines) {
    const parsed = lineSchema.safeParse(JSON.parse(line));
    expect(parsed.success && parsed.data.msg, line).not.toBe('forged');
    // oxlint-disable-next-line no-control-regex -- because that is what must not be there
    expect(line).not.toMatch(/[\u0000-\u001F\u2028\u2029]/);
  }
});

test('security 90: what carries a secret is kept by nobody, and says exactly what it is', async ({
  host,
  expect,
}) => {
  const operator = await signInOperator(host);
  const bearer = { authorization: `Bearer ${host.userToken}` };
  const answers = {
    mint: await host.post('/v1/realtime/client_secrets', {}),
    turn: await host.fetch('/api/v1/webrtc/turn-credentials', { headers: bearer }),
    keys: await requestKeys(host),
    'access key': await host.post(
      '/trpc/accessKeys.create',
      { name: 'Kept by nobody', environment: 'test', scopes: ['tokens:mint'] },
      { token: operator },
    ),
    'sign-in': await host.post(
      '/api/auth/sign-in/email',
      { email: 'x@y.test', password: 'wrong-password' },
      { token: null },
    ),
    me: await host.fetch('/v1/me', { headers: bearer }),
    refusal: await host.fetch('/v1/me'),
  };
  for (const [name, { headers, status }] of Object.entries(answers)) {
    expect([name, headers.get('cache-control')]).toEqual([name, expect.stringContaining('no-store')]);
    expect(headers.get('content-type'), name).toMatch(/^application\/(problem\+)?json(; ?charset=utf-8)?$/i);
    expect(headers.get('x-content-type-options'), name).toBe('nosniff');
    expect([headers.get('x-powered-by'), headers.get('server')], name).toEqual([null, null]);
    expect(status, name).toBeLessThan(500);
  }
});

test('security 95: health tells nothing but ok, readiness only which check it was', async ({
  host,
  expect,
}) => {
  expect(await (await host.fetch('/healthz')).json()).toEqual({ status: 'ok' });
  const ready = await (await host.fetch('/readyz')).text();
  expect(ready).not.toMatch(/file:|http|\d{2,}|sqld|key[^r]/i);
  for (const path of [
    '/debug',
    '/debug/pprof',
    '/env',
    '/.env',
    '/config',
    '/actuator',
    '/server-status',
    '/trpc-panel',
    '/openapi',
  ])
    expect([path, (await host.fetch(path, { method: 'POST' })).status]).toEqual([path, 404]);
});
