import { appRouter, AUTH_ROUTES, SCOPES } from '@ephemera/api';
import * as z from 'zod';

import { ROUTES } from '../src/app.ts';
import { INTERNAL_SECRET, type TestHost } from './support/host.ts';
import { createHostTest } from './support/host-test.ts';
import { joinNetwork } from './support/nodes.ts';
import { createMember } from './support/members.ts';
import { connectOperator } from './support/trpc.ts';

const test = createHostTest({ ANONYMOUS_TOKENS: 'off', NODE_REGISTRATION: 'open' });

const USER = ['tokens:mint', 'turn:issue', 'models:read', 'me:read', 'sessions:read', 'sessions:report'];
const VIEWER = SCOPES.filter((scope) => /:read(-all)?$/.test(scope) && scope !== 'internal-keys:read');
const DEVELOPER = [...VIEWER, 'tokens:mint', 'turn:issue', 'sessions:report', 'access-keys:write'];
const OPERATOR = [
  ...DEVELOPER,
  'keys:write',
  'users:write',
  'budgets:write',
  'nodes:write',
  'nodes:write-own',
];
const NODE = ['nodes:read', 'nodes:write-own', 'messages:send', 'messages:read-own', 'metrics:read'];
const OWNER = [...OPERATOR, 'members:write', 'tokens:mint-for'];
const KEY = [
  'tokens:mint',
  'tokens:mint-for',
  'turn:issue',
  'models:read',
  'me:read',
  'sessions:read',
  'sessions:report',
] as const;

/** What each may do, written down apart from the code that decides it. Null: nobody knows who it is. */
const EXPECTED = {
  anonymous: null,
  'an expired token': null,
  'a forged token': null,
  'an internal service': null,
  'a user of the demo': USER,
  'a user of another issuer': USER,
  'an access key with every scope': KEY,
  'an access key for models': ['models:read'],
  'a node': NODE,
  viewer: VIEWER,
  developer: DEVELOPER,
  operator: OPERATOR,
  owner: OWNER,
} as const satisfies Record<string, readonly string[] | null>;

type ActorName = keyof typeof EXPECTED;
const ACTORS = Object.keys(EXPECTED).filter((name): name is ActorName => name in EXPECTED);

const definitionSchema = z.looseObject({
  type: z.enum(['query', 'mutation', 'subscription']),
  meta: z
    .object({ scope: z.enum([...SCOPES, 'public']), needsRecentSignIn: z.literal(true).optional() })
    .optional(),
});

const PROCEDURES = Object.entries(appRouter._def.procedures).map(([path, procedure]) => {
  const { type, meta } = definitionSchema.parse(Reflect.get(procedure, '_def'));
  return { path, type, scope: meta?.scope, isSensitive: meta?.needsRecentSignIn === true };
});

async function createTokens(host: TestHost): Promise<Record<ActorName, string | null>> {
  const owner = await connectOperator(host);
  const makeKey = async (scopes: readonly (typeof KEY)[number][]): Promise<string> => {
    const name = `With ${scopes.length}`;
    return (await owner.accessKeys.create.mutate({ name, environment: 'live', scopes: [...scopes] })).secret;
  };
  const good = await host.issuer.sign();
  return {
    anonymous: null,
    'an expired token': await host.issuer.sign({ exp: Math.floor(Date.now() / 1_000) - 60 }),
    'a forged token': `${good.slice(0, -6)}AAAAAA`,
    'an internal service': INTERNAL_SECRET,
    'a user of the demo': host.userToken,
    'a user of another issuer': good,
    'an access key with every scope': await makeKey(KEY),
    'an access key for models': await makeKey(['models:read']),
    'a node': (await joinNetwork(host, 'node-of-the-matrix')).token,
    viewer: (await createMember(host, 'viewer')).token,
    developer: (await createMember(host, 'developer')).token,
    operator: (await createMember(host, 'operator')).token,
    owner: (await createMember(host, 'owner')).token,
  };
}

let tokens: Record<ActorName, string | null> | null = null;

async function tokenOf(host: TestHost, actor: ActorName): Promise<string | null> {
  tokens ??= await createTokens(host);
  return tokens[actor];
}

type Verdict = 'unauthenticated' | 'forbidden' | 'let through';

function toVerdict(status: number): Verdict {
  if (status === 401) return 'unauthenticated';
  return status === 403 ? 'forbidden' : 'let through';
}

/** A token that is shown has to be good, also where none is asked for. */
const BAD_TOKENS: readonly ActorName[] = ['an expired token', 'a forged token', 'an internal service'];

function expectedVerdict(actor: ActorName, scope: string): Verdict {
  if (scope === 'public') return BAD_TOKENS.includes(actor) ? 'unauthenticated' : 'let through';
  const scopes: readonly string[] | null = EXPECTED[actor];
  if (scopes === null) return 'unauthenticated';
  return scopes.includes(scope) ? 'let through' : 'forbidden';
}

/** A node is known there, and this one lacks the scope for it. */
function internalVerdict(actor: ActorName, method: string): Verdict {
  if (actor === 'an internal service') return 'let through';
  return actor === 'a node' && method === 'GET' ? 'forbidden' : 'unauthenticated';
}

/** A body that no contract knows, so that who is let through changes nothing. */
const NONSENSE = { nonsense: true };

async function ask(host: TestHost, request: { method: string; path: string; token: string | null }) {
  const { method, path, token } = request;
  const response = await host.fetch(path, {
    method,
    headers: {
      'content-type': 'application/json',
      ...(token === null ? {} : { authorization: `Bearer ${token}` }),
    },
    ...(method === 'GET' ? {} : { body: JSON.stringify(NONSENSE) }),
  });
  const isStream = response.headers.get('content-type')?.startsWith('text/event-stream') === true;
  if (!isStream) return { status: response.status, text: await response.text() };
  return await readStream(response, path);
}

/** A subscription tells what it is refused for in its events, and ends; a stream that may be heard goes on. */
async function readStream(response: Response, path: string) {
  if (!path.startsWith('/trpc/')) {
    await response.body?.cancel();
    return { status: response.status, text: '' };
  }
  const text = await response.text();
  return { status: Number(/"httpStatus":(\d+)/.exec(text)?.[1] ?? response.status), text };
}

test('every procedure names a scope that exists', ({ expect }) => {
  expect(PROCEDURES.length).toBeGreaterThan(30);
  expect(PROCEDURES.filter(({ scope }) => scope === undefined)).toEqual([]);
});

test('what gives out or takes away access needs a recent sign-in', ({ expect }) => {
  const sensitive = PROCEDURES.filter(({ isSensitive }) => isSensitive).map(({ path }) => path);
  expect(sensitive.toSorted()).toEqual([
    'accessKeys.create',
    'accessKeys.rotate',
    'keys.add',
    'keys.rotate',
    'members.create',
    'members.setPassword',
    'members.update',
    'nodes.createRegistrationToken',
    'nodes.setScopes',
  ]);
});

test('every route stands in the table, and names a scope or says why it has none', ({ expect }) => {
  const others = ['public', 'procedure', 'sign_in', 'metrics_token'];
  const named = ROUTES.map(({ access }) => access);
  expect(named.filter((access) => !others.includes(access) && !SCOPES.some((it) => it === access))).toEqual(
    [],
  );
  expect(ROUTES.filter(({ access }) => access === 'public').map(({ path }) => path)).toEqual([
    '/api/setup',
    '/api/setup',
    '/.well-known/jwks.json',
    '/api/demo',
    '/api/v1/auth/register',
    '/api/v1/auth/login',
    '/api/v1/auth/verify',
    '/api/v1/auth/refresh',
    '/api/v1/health',
    '/healthz',
    '/readyz',
  ]);
});

for (const actor of ACTORS) {
  test(`security 58: each procedure for ${actor}`, async ({ host, expect }) => {
    const token = await tokenOf(host, actor);
    const answers = await Promise.all(
      PROCEDURES.map(async ({ path, type, scope = 'audit:read' }) => {
        const isRead = type !== 'mutation';
        const input = isRead ? `?input=${encodeURIComponent(JSON.stringify(NONSENSE))}` : '';
        const method = isRead ? 'GET' : 'POST';
        const { status, text } = await ask(host, { method, path: `/trpc/${path}${input}`, token });
        return { path, verdict: toVerdict(status), expected: expectedVerdict(actor, scope), text };
      }),
    );
    expect(answers.filter(({ verdict, expected }) => verdict !== expected)).toEqual([]);
    expect(answers.map(({ text }) => text).join('\n')).not.toMatch(
      /at [\w.]+ \(|node_modules|select |sqlite/i,
    );
  });

  test(`security 58: each route for ${actor}`, async ({ host, expect }) => {
    const token = await tokenOf(host, actor);
    const scoped = ROUTES.filter(({ access }) => access.includes(':'));
    const answers = await Promise.all(
      scoped.flatMap(({ methods, path, access }) =>
        methods.map(async (method) => {
          const { status } = await ask(host, {
            method,
            path: path.replace(/:(node_)?id/, 'node-of-the-matrix'),
            token,
          });
          const isInternal = access.startsWith('internal-keys:');
          const expected = isInternal ? internalVerdict(actor, method) : expectedVerdict(actor, access);
          return { path, method, verdict: toVerdict(status), expected };
        }),
      ),
    );
    expect(answers.filter(({ verdict, expected }) => verdict !== expected)).toEqual([]);
  });
}

test('security 58: nobody mints, whoever it was that asked nonsense', async ({ host, expect }) => {
  expect(await host.simulator.admin.requests()).toEqual([]);
});

test('public routes let everybody through, and say nothing that only some may know', async ({
  host,
  expect,
}) => {
  // A refresh is asked for with a refresh token, which nobody is.
  const open = ROUTES.filter(({ access, path }) => access === 'public' && !path.endsWith('/refresh'));
  for (const { methods, path } of open) {
    for (const method of methods) {
      const { status } = await ask(host, { method, path, token: null });
      expect([path, method, toVerdict(status)]).toEqual([path, method, 'let through']);
    }
  }
});

test('the routes of the accounts give nobody a sign-in, a token or a secret', async ({ host, expect }) => {
  for (const { method, path } of AUTH_ROUTES) {
    for (const token of [null, host.userToken]) {
      const answer = await ask(host, { method, path: `/api/auth${path}`, token });
      const isHarmless = path === '/get-session' ? answer.text === 'null' : path === '/sign-out';
      expect([path, isHarmless || [400, 401].includes(answer.status)]).toEqual([path, true]);
      expect(answer.text).not.toMatch(/"(token|secret|totpURI|backupCodes)"/);
    }
  }
});
