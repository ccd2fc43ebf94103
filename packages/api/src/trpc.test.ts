import { fetchRequestHandler } from '@trpc/server/adapters/fetch';
import { test } from 'vitest';
import * as z from 'zod';

import type { TestApi } from '../test/fixtures.ts';
import { ADA, BOB, createTestApi, NOBODY } from '../test/fixtures.ts';
import { SCOPES, scopesOf } from './auth/scopes.ts';
import type { Actor, ServiceContext } from './context.ts';
import { AppError } from './errors.ts';
import { appRouter } from './root.ts';
import { createToken } from './services/tokens/create.ts';
import { toTrpcError } from './trpc.ts';

type Call = { path: string; input?: unknown; body?: string; method?: 'GET' | 'POST'; actor?: Actor };
type Patch = (ctx: ServiceContext) => ServiceContext;

async function call(api: TestApi, { path, input, body, method = 'POST', actor = ADA }: Call, patch?: Patch) {
  const query =
    method === 'GET' && input !== undefined ? `?input=${encodeURIComponent(JSON.stringify(input))}` : '';
  const text = method === 'GET' ? {} : { body: body ?? JSON.stringify(input ?? {}) };
  const response = await fetchRequestHandler({
    endpoint: '/trpc',
    router: appRouter,
    req: new Request(`https://broker.test/trpc/${path}${query}`, {
      method,
      headers: { 'content-type': 'application/json' },
      ...text,
    }),
    createContext: () => (patch ?? ((ctx: ServiceContext) => ctx))(api.as(actor, 'req_42')),
  });
  return { status: response.status, text: await response.text() };
}

const errorSchema = z.object({
  error: z.object({ message: z.string(), data: z.record(z.string(), z.unknown()) }),
});

function readError({ text }: { text: string }): { message: string; data: Record<string, unknown> } {
  return errorSchema.parse(JSON.parse(text)).error;
}

test('a mint in the shape of the contract', async ({ expect }) => {
  await using api = await createTestApi();
  const { status, text } = await call(api, { path: 'tokens.create', input: { ttlSeconds: 60 } });
  expect(status).toBe(200);
  expect(JSON.parse(text)).toEqual({
    result: {
      data: {
        value: 'ek_secret_1',
        expiresAt: '2026-11-21T12:10:00.000Z',
        serverTime: '2026-11-21T12:00:00.000Z',
        sessionId: expect.stringMatching(/^ses_/),
        providerSessionId: 'sess_1',
        callsUrl: 'https://upstream.test/v1/realtime/calls',
        model: 'gpt-realtime-2.1',
        session: { id: 'sess_1', type: 'realtime' },
        warnings: [],
        rateLimit: expect.objectContaining({ policy: 'mint', windowSeconds: 60 }),
      },
    },
  });
});

test('a session through its whole life', async ({ expect }) => {
  await using api = await createTestApi();
  const { sessionId } = await createToken(api.as(ADA), {});
  const icePair = { local: 'srflx', remote: 'host', protocol: 'udp' };
  const connected = { sessionId, transport: 'webrtc', callId: 'rtc_1', icePair };
  expect((await call(api, { path: 'sessions.reportConnected', input: connected })).status).toBe(200);
  api.clock.advance(30_000);
  const end = { sessionId, duration: 29, messageCount: 3, endedBy: 'user', usage: { total_tokens: 5 } };
  expect((await call(api, { path: 'sessions.end', input: end })).text).toBe(
    JSON.stringify({ result: { data: { sessionId, duration: 29, messageCount: 3, endedBy: 'user' } } }),
  );
  const detail = await call(api, { path: 'sessions.get', input: { id: sessionId }, method: 'GET' });
  expect(JSON.parse(detail.text)).toMatchObject({
    result: {
      data: { state: 'ended', durationSeconds: 29, icePair, usage: { total_tokens: 5 }, callId: 'rtc_1' },
    },
  });
  const list = await call(api, { path: 'sessions.list', input: { limit: 5 }, method: 'GET' });
  expect(JSON.parse(list.text)).toMatchObject({
    result: { data: { items: [{ id: sessionId }], nextCursor: null } },
  });
});

test('who I am, which models there are, and ICE servers', async ({ expect }) => {
  await using api = await createTestApi();
  expect(JSON.parse((await call(api, { path: 'me.get', method: 'GET' })).text)).toMatchObject({
    result: {
      data: {
        id: 'user-ada',
        kind: 'user',
        name: 'Ada',
        email: 'ada@demo.test',
        role: 'user',
        scopes: ['tokens:mint', 'turn:issue', 'models:read', 'me:read', 'sessions:read', 'sessions:report'],
      },
    },
  });
  const models = JSON.parse((await call(api, { path: 'models.list', method: 'GET' })).text) as unknown;
  expect(models).toMatchObject({ result: { data: { defaultModel: 'gpt-realtime-2.1' } } });
  expect(JSON.stringify(models)).not.toContain('gpt-4o-realtime-preview');
  const turn = await call(api, { path: 'turn.issue', input: { ttlSeconds: 120 } });
  expect(JSON.parse(turn.text)).toMatchObject({
    result: { data: { provider: 'coturn', ttl: 120, expiresAt: '2026-11-21T12:02:00.000Z' } },
  });
});

const definitionSchema = z.looseObject({
  type: z.enum(['query', 'mutation', 'subscription']),
  meta: z.object({ scope: z.enum([...SCOPES, 'public']) }),
});

const PROCEDURES = Object.entries(appRouter._def.procedures).flatMap(([path, procedure]) => {
  const { type, meta } = definitionSchema.parse(Reflect.get(procedure, '_def'));
  // A subscription says what it is refused for in its events: the matrix of scopes over HTTP reads them.
  if (meta.scope === 'public' || type === 'subscription') return [];
  return [{ path, method: type === 'query' ? ('GET' as const) : ('POST' as const), scope: meta.scope }];
});

test('every procedure that is not public refuses nobody, before it looks at the rest', async ({ expect }) => {
  await using api = await createTestApi();
  expect(PROCEDURES.length).toBeGreaterThan(40);
  for (const { path, method } of PROCEDURES) {
    const answer = await call(api, { path, method, input: { nonsense: true }, actor: NOBODY });
    expect(answer.status, path).toBe(401);
    expect(readError(answer).data, path).toMatchObject({
      appCode: 'unauthenticated',
      code: 'UNAUTHORIZED',
      httpStatus: 401,
    });
  }
  expect(api.upstream.requests).toEqual([]);
});

test("members' procedures refuse users, before they look at the rest", async ({ expect }) => {
  await using api = await createTestApi();
  const own = scopesOf(ADA);
  const refused = PROCEDURES.filter(({ scope }) => !own.has(scope));
  expect(refused.map(({ path }) => path)).toEqual(expect.arrayContaining(['keys.add', 'accessKeys.create']));
  for (const { path, method } of refused) {
    const answer = await call(api, { path, method, input: { nonsense: true }, actor: ADA });
    expect([answer.status, readError(answer).data.appCode], path).toEqual([403, 'forbidden']);
  }
});

const BAD: Record<string, Call> = {
  'a role': { path: 'tokens.create', input: { role: 'operator' } },
  'a user id': { path: 'tokens.create', input: { userId: 'user-bob' } },
  'a lifetime as text': { path: 'tokens.create', input: { ttlSeconds: '60' } },
  'a lifetime beyond all': { path: 'tokens.create', input: { ttlSeconds: 1e9 } },
  'an unknown session field': {
    path: 'tokens.create',
    input: { session: { type: 'realtime', temperature: 1 } },
  },
  'a prototype': {
    path: 'tokens.create',
    body: '{"__proto__":{"role":"operator"},"constructor":{"prototype":{}}}',
  },
  'no object': { path: 'tokens.create', body: '[]' },
  'a list for a session': { path: 'tokens.create', input: { session: [] } },
  'a negative duration': {
    path: 'sessions.end',
    input: { sessionId: 'x', duration: -1, messageCount: 0, endedBy: 'user' },
  },
  'a reason as a sentence': {
    path: 'sessions.end',
    input: { sessionId: 'x', duration: 1, messageCount: 0, endedBy: 'error', reason: 'a\r\nlog line' },
  },
  'too many steps': {
    path: 'sessions.reportConnected',
    input: {
      sessionId: 'x',
      transport: 'webrtc',
      steps: Array.from({ length: 65 }, () => ({ name: 's', ms: 1 })),
    },
  },
  'a page without end': { path: 'sessions.list', input: { limit: 101 }, method: 'GET' },
  'a fraction of a second': { path: 'turn.issue', input: { ttlSeconds: 1.5 } },
};

test('bad input is a 400 that says where, and goes nowhere', async ({ expect }) => {
  await using api = await createTestApi();
  for (const [name, bad] of Object.entries(BAD)) {
    const answer = await call(api, bad);
    expect(answer.status, name).toBe(400);
    expect(readError(answer), name).toMatchObject({
      data: { appCode: 'invalid_request', httpStatus: 400, requestId: 'req_42', details: expect.anything() },
    });
  }
  expect(api.upstream.requests).toEqual([]);
});

test("another's session is not found, in the words for an unknown one", async ({ expect }) => {
  await using api = await createTestApi();
  const { sessionId } = await createToken(api.as(ADA), {});
  const ask = (id: string) => call(api, { path: 'sessions.get', input: { id }, method: 'GET', actor: BOB });
  const [other, unknown] = [await ask(sessionId), await ask('ses_none')];
  expect(other).toEqual(unknown);
  expect([other.status, readError(other).data['appCode']]).toEqual([404, 'not_found']);
});

const broken: Patch = (ctx) => ({
  ...ctx,
  database: {
    ...ctx.database,
    write: () => Promise.reject(new Error('canary at /srv/secret.ts')),
    get orm(): never {
      throw new Error('canary: select * from sessions');
    },
  },
});

/** Of others, so that none are given out uncounted. */
const brokenAndBought: Patch = (ctx) => ({
  ...broken(ctx),
  turnProviders: ctx.turnProviders.map((provider) => ({ ...provider, isComputed: false })),
});

test('no answer holds a stack, a query or the text of an unknown error', async ({ expect }) => {
  await using api = await createTestApi();
  const answers = [
    await call(api, { path: 'sessions.list', method: 'GET' }, broken),
    await call(api, { path: 'turn.issue' }, brokenAndBought),
    await call(api, { path: 'tokens.create' }, broken),
    await call(api, { path: 'no.such' }),
    await call(api, { path: 'tokens.create', body: '{"canary' }),
    await call(api, { path: 'tokens.create', method: 'GET' }),
    await call(api, { path: 'tokens.create', input: { session: { type: 'canary' } } }),
  ];
  expect(answers.map(({ status }) => status)).toEqual([500, 503, 503, 404, 400, 405, 400]);
  for (const answer of answers) {
    expect(answer.text).not.toMatch(/"stack"|canary|select|\/srv|ek_secret/);
    expect(readError(answer).data).toMatchObject({ requestId: 'req_42', appCode: expect.any(String) });
  }
  const logged = api.logger.lines.filter(({ event }) => event === 'trpc.failed');
  expect(logged).toMatchObject(
    ['sessions.list', 'turn.issue', 'tokens.create'].map((path) => ({
      level: 'error',
      fields: { requestId: 'req_42', path },
    })),
  );
});

test('what upstream refuses keeps its status, its time to wait in whole seconds and its session', async ({
  expect,
}) => {
  await using api = await createTestApi();
  api.upstream.answer(() => ({ status: 429, headers: { 'retry-after-ms': '19200' } }));
  const answer = await call(api, { path: 'tokens.create' });
  expect(answer.status).toBe(503);
  expect(readError(answer).data).toMatchObject({
    appCode: 'upstream_rate_limited',
    details: {
      retryAfterSeconds: 20,
      provider: { status: 429, code: null },
      sessionId: expect.stringMatching(/^ses_/),
    },
  });
});

test('a transport that refuses first speaks the same language', ({ expect }) => {
  const error = toTrpcError(new AppError('token_expired', 'The user token has expired: sign in again.'));
  expect(error).toMatchObject({
    code: 'UNAUTHORIZED',
    message: 'The user token has expired: sign in again.',
  });
  expect(toTrpcError(new Error('canary')).message).not.toContain('canary');
});
