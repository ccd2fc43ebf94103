// "No answer anywhere contains a stack, SQL text, a provider key or another user's id": every route and procedure is asked
// with inputs that are bad in every way, by callers of every kind, and all that they answer is searched.
import { appRouter } from '@ephemera/api';
import * as z from 'zod';

import { ROUTES } from '../src/app.ts';
import { CANARY_KEY, INTERNAL_SECRET, METRICS_TOKEN, STORED_KEYS, type TestHost } from './support/host.ts';
import { test } from './support/host-test.ts';
import { addStoredKeys } from './support/internal.ts';
import { signInOperator } from './support/trpc.ts';

const OTHER_USER = 'user-CANARY-of-somebody-else';
const OTHER_NAME = 'Name CANARY of somebody else';
const MINT = '/v1/realtime/client_secrets';

const definitionSchema = z.object({ type: z.enum(['query', 'mutation', 'subscription']) });
const PROCEDURES = Object.entries(appRouter._def.procedures).map(([path, procedure]) => ({
  path: `/trpc/${path}`,
  isQuery: definitionSchema.parse(Reflect.get(procedure, '_def')).type === 'query',
}));

const NOT_AN_ANSWER: readonly { name: string; pattern: RegExp }[] = [
  { name: 'a stack', pattern: /\bat [\w.<>]+ \(|\.[cm]?[jt]s:\d+|node_modules|"stack"/ },
  {
    name: 'SQL',
    pattern: /\b(?:select|insert into|update|delete from)\s[\s\S]{0,80}\b(?:from|values|set|where)\b/i,
  },
  {
    name: 'words of the database',
    pattern: /sqlite|libsql|sqld|drizzle|no such (?:table|column)|constraint failed/i,
  },
  { name: 'a path of this machine', pattern: /\/(?:home|root|work|tmp|usr|var)\/[\w-]+\// },
  {
    name: 'a table',
    pattern: /\b(?:audit_entries|provider_keys|auth_sessions|access_keys|user_policies|rate_windows)\b/,
  },
];

/** What nobody but its own caller may be told. */
const SECRETS = [CANARY_KEY, ...STORED_KEYS].map((key) => key.slice(4, 24));

function findLeak(text: string): string | undefined {
  return (
    NOT_AN_ANSWER.find(({ pattern }) => pattern.test(text))?.name ??
    [...SECRETS, INTERNAL_SECRET, METRICS_TOKEN].find((secret) => text.includes(secret))
  );
}

const DEEP = JSON.parse(`${'['.repeat(200)}${']'.repeat(200)}`) as unknown;
const EVIL = "'; drop table sessions; --";
const BAD_INPUTS: readonly unknown[] = [
  {},
  null,
  7,
  'text',
  [],
  { nonsense: true },
  { id: EVIL, sessionId: EVIL, query: EVIL, cursor: EVIL, action: EVIL, target: EVIL, limit: EVIL },
  { id: OTHER_USER, userId: OTHER_USER, actor: OTHER_USER, cursor: 'YQ', limit: 1e9 },
  { id: '../../etc/passwd', sessionId: '\u0000\u001B[31m', query: '\r\nSet-Cookie: x=1' },
  { id: DEEP, sessionId: DEEP, session: DEEP },
  { id: 'x'.repeat(20_000), sessionId: 'x'.repeat(20_000) },
  { __proto__: { role: 'owner' }, constructor: { prototype: { role: 'owner' } } },
  { id: -1, limit: -1, cursor: -1, from: 'yesterday', to: '2026-99-99T00:00:00Z' },
];
/** As they stand on the line: no JSON at all, or none that may be. */
const BAD_TEXTS = ['', '{', 'NaN', '{"a":1,"a":2}', '"\\ud800"', '{"a":1e999}', '\uFEFF{}'];

type Ask = { method: string; path: string; token: string | null; body?: string | undefined };

async function ask(host: TestHost, { method, path, token, body }: Ask): Promise<string> {
  const response = await host.fetch(path, {
    method,
    redirect: 'manual',
    headers: {
      'content-type': 'application/json',
      'x-request-id': 'crawl',
      'user-agent': EVIL,
      ...(token === null ? {} : { authorization: `Bearer ${token}` }),
    },
    ...(body === undefined ? {} : { body }),
  });
  const text = await response.text();
  return `${method} ${path.slice(0, 200)} ${response.status} ${JSON.stringify([...response.headers])} ${text}`;
}

function listAsks(token: string | null, inputs: readonly unknown[]): Ask[] {
  const given = inputs.map((input) => JSON.stringify(input));
  const bodies = [...given, ...BAD_TEXTS];
  const procedures = PROCEDURES.flatMap(({ path, isQuery }) =>
    given.map((body): Ask => {
      const short = body.slice(0, 4_000);
      return isQuery
        ? { method: 'GET', path: `${path}?input=${encodeURIComponent(short.toWellFormed())}`, token }
        : { method: 'POST', path, token, body };
    }),
  );
  const routes = ROUTES.filter(({ path }) => !path.includes('*') && path !== '/metrics').flatMap(
    ({ methods, path }) =>
      methods.flatMap((method): Ask[] => {
        const address = path.replace(':id', encodeURIComponent(EVIL));
        return method === 'GET'
          ? [address, `${address}?provider=${encodeURIComponent(EVIL)}&fallback=${OTHER_USER}`].map((it) => ({
              method,
              path: it,
              token,
            }))
          : bodies.map((body) => ({ method, path: address, token, body }));
      }),
  );
  return [...procedures, ...routes, ...listOddAsks(token)];
}

function listOddAsks(token: string | null): Ask[] {
  return [
    { method: 'DELETE', path: MINT, token },
    { method: 'PUT', path: '/trpc/keys.add', token, body: '{}' },
    { method: 'PATCH', path: '/api/auth/sign-in/email', token, body: '{}' },
    { method: 'GET', path: '/trpc/nothing.here', token },
    { method: 'GET', path: '/trpc/keys.list,me.get,sessions.list?batch=1&input=%7B%7D', token },
    { method: 'GET', path: '/trpc/me.get?batch=1&input=not-json', token },
    { method: 'POST', path: '/api/auth/sign-up/email', token, body: '{"email":"a@b.c","password":"x"}' },
    { method: 'POST', path: '/api/auth/sign-in/email', token, body: '{"email":[],"password":{}}' },
    { method: 'GET', path: '/api/auth/error?error=<script>', token },
    { method: 'GET', path: '/%00', token },
    { method: 'GET', path: '/.env', token },
    { method: 'GET', path: '/debug', token },
  ];
}

/** A few at a time, as a crawler does. */
async function crawl(host: TestHost, asks: readonly Ask[]): Promise<string[]> {
  const answers: string[] = [];
  for (let at = 0; at < asks.length; at += 16) {
    answers.push(...(await Promise.all(asks.slice(at, at + 16).map((it) => ask(host, it)))));
  }
  return answers;
}

async function seedOther(host: TestHost): Promise<void> {
  const token = await host.issuer.sign({ sub: OTHER_USER, name: OTHER_NAME });
  const minted = await host.post(MINT, {}, { token });
  if (minted.status !== 200) throw new Error(`The mint answered ${minted.status}.`);
}

for (const caller of ['nobody', 'a user', 'an operator', 'an internal service'] as const) {
  test(`no answer to ${caller} tells what it must not`, { timeout: 180_000 }, async ({ host, expect }) => {
    if (caller === 'nobody') {
      await seedOther(host);
      await addStoredKeys(host);
    }
    const tokens = {
      nobody: null,
      'a user': host.userToken,
      'an operator': await signInOperator(host),
      'an internal service': INTERNAL_SECRET,
    };
    const token = tokens[caller];
    // That one route gives out keys, to services alone.
    // Who is refused at the door is refused for any input.
    const isKnown = caller === 'a user' || caller === 'an operator';
    const asks = listAsks(token, isKnown ? BAD_INPUTS : BAD_INPUTS.slice(5, 8)).filter(
      ({ path, method }) =>
        caller !== 'an internal service' || method !== 'GET' || !path.startsWith('/api/internal/'),
    );

    const answers = await crawl(host, asks);

    expect(answers.length).toBeGreaterThan(isKnown ? 500 : 150);
    for (const answer of answers) {
      // An operator may see who the users are.
      const told = caller === 'an operator' ? answer : answer.replaceAll(/^\w+ \S+ /g, '');
      expect(findLeak(told), answer.slice(0, 800)).toBeUndefined();
      if (caller !== 'an operator') {
        expect(told.includes(OTHER_USER) || told.includes(OTHER_NAME), answer.slice(0, 800)).toBe(false);
      }
    }
    // Not one of them was more than the process could take, and none was let through to the provider.
    expect(answers.filter((answer) => / 500 \[/.test(answer))).toEqual([]);
    expect((await host.fetch('/healthz')).status).toBe(200);
  });
}

test('and the search does find what it looks for', ({ expect }) => {
  for (const text of [
    'Error: x\n    at Object.run (/work/x.ts:1:2)',
    'select id from sessions where id = 1',
    'SQLITE_CONSTRAINT: UNIQUE constraint failed: users.email',
    `Incorrect key ${CANARY_KEY}`,
    INTERNAL_SECRET,
  ])
    expect(findLeak(text), text).toBeDefined();
});

const BROKEN = [
  { table: 'sessions', path: MINT, method: 'POST' },
  { table: 'sessions', path: '/trpc/sessions.list', method: 'GET' },
  { table: 'users', path: '/trpc/me.get', method: 'GET' },
  { table: 'provider_keys', path: '/trpc/keys.list', method: 'GET' },
  { table: 'auth_sessions', path: '/api/auth/sign-in/email', method: 'POST' },
  { table: 'audit_entries', path: '/trpc/audit.list', method: 'GET' },
];

for (const { table, path, method } of BROKEN) {
  test(`security 86: ${path} without the table ${table} is refused with an id and no more, and the process stays up`, async ({
    host,
    expect,
  }) => {
    const token = await signInOperator(host);
    await host.readRows(`alter table ${table} rename to elsewhere`);
    try {
      const body = JSON.stringify(
        path.includes('sign-in') ? { email: 'a@b.test', password: 'x'.repeat(12) } : {},
      );
      const answer = await ask(host, { method, path, token, body: method === 'POST' ? body : undefined });

      expect(answer).toMatch(/ (401|500|503) \[/);
      expect(findLeak(answer.replace(/^\w+ \S+ /, '')), answer).toBeUndefined();
      expect(answer).toContain('crawl');
      expect((await host.fetch('/healthz')).status).toBe(200);
    } finally {
      await host.readRows(`alter table elsewhere rename to ${table}`);
    }
  });
}
