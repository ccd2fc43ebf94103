// Security 91: whatever changes something, gives out a key or refuses a mint leaves exactly one entry of the audit, or a
// row of its own that says the same. What is added to the procedures and routes has to be added here.
import { appRouter } from '@ephemera/api';
import * as z from 'zod';

import { ROUTES } from '../src/app.ts';
import { STORED_KEYS } from './support/host.ts';
import { createHostTest } from './support/host-test.ts';
import { readEntries } from './support/audit-entries.ts';
import { createMember, signInAs } from './support/members.ts';
import { createKeyPair, joinNetwork } from './support/nodes.ts';
import { signInOperator } from './support/trpc.ts';

const test = createHostTest({ NODE_REGISTRATION: 'open' });

/** Its own row says who did what and when: an entry would say it twice, on the path that has to be fast. */
const HAS_ITS_OWN_ROW: Readonly<Record<string, string>> = {
  'tokens.create': 'sessions',
  'sessions.reportConnected': 'sessions',
  'sessions.reportUsage': 'usage_events',
  'sessions.heartbeat': 'sessions',
  'sessions.end': 'sessions',
  'turn.issue': 'turn_issuances',
  'POST /v1/realtime/client_secrets': 'sessions',
  'POST /v1/realtime/sessions/:id/usage': 'usage_events',
  'POST /api/realtime/token': 'sessions',
  'POST /api/realtime/end': 'sessions',
  'POST /api/internal/api-keys': 'provider_key_reports',
  'nodes.verifyChallenge': 'node_refresh_tokens',
  'nodes.refreshTokens': 'node_refresh_tokens',
  'nodes.heartbeat': 'nodes',
  'messages.send': 'messages',
  'messages.markRead': 'deliveries',
  'POST /api/v1/auth/verify': 'node_refresh_tokens',
  'POST /api/v1/auth/refresh': 'node_refresh_tokens',
  'POST /api/v1/nodes/:id/heartbeat': 'nodes',
  'POST /api/v1/messages/send': 'messages',
};

/** Routes below which others are told apart: their own tests go through each. */
const HAS_PARTS: readonly string[] = ['POST /trpc/*', 'POST /api/auth/*'];

/** A challenge changes nothing: it needs no row. */
const CHANGES_NOTHING: readonly string[] = ['nodes.requestChallenge', 'POST /api/v1/auth/login'];

/** An entry for each key that is moved to the newest version, and here there is none to move. */
const ONE_PER_ITEM: Readonly<Record<string, string>> = { 'keys.rewrap': 'provider_key.rewrap' };

type Known = Record<
  'key' | 'nextKey' | 'member' | 'accessKey' | 'signIn' | 'viewer' | 'user' | 'token',
  string
>;
type Step = {
  path: string;
  action: string;
  /** What happened to another target by it. */
  also?: string;
  input: (known: Known) => object;
  learn?: Learn;
};
type Learn = { schema: z.ZodType<string>; as: keyof Known };

const tokenId = z
  .object({ registrationToken: z.object({ id: z.string() }) })
  .transform(({ registrationToken }) => registrationToken.id);
const keyId = z.object({ key: z.object({ id: z.string() }) }).transform(({ key }) => key.id);
const memberId = z.object({ member: z.object({ id: z.string() }) }).transform(({ member }) => member.id);
const PASSWORD = 'correct horse battery staple 7';

/** In this order each does something. */
const STEPS: readonly Step[] = [
  {
    path: 'keys.testCandidate',
    action: 'provider_key.test',
    input: () => ({ provider: 'openai', key: STORED_KEYS[0] }),
  },
  {
    path: 'keys.add',
    action: 'provider_key.add',
    input: () => ({ provider: 'openai', name: 'Audited', key: STORED_KEYS[0], test: false }),
    learn: { schema: keyId, as: 'key' },
  },
  { path: 'keys.test', action: 'provider_key.test', input: ({ key }) => ({ id: key }) },
  { path: 'keys.disable', action: 'provider_key.disable', input: ({ key }) => ({ id: key }) },
  { path: 'keys.enable', action: 'provider_key.enable', input: ({ key }) => ({ id: key }) },
  {
    path: 'keys.rotate',
    action: 'provider_key.rotate',
    also: 'provider_key.add',
    input: ({ key }) => ({ id: key, key: STORED_KEYS[1], overlapSeconds: 600, test: false }),
    learn: { schema: keyId, as: 'nextKey' },
  },
  { path: 'keys.drain', action: 'provider_key.drain', input: ({ nextKey }) => ({ id: nextKey, seconds: 0 }) },
  {
    path: 'keys.delete',
    action: 'provider_key.delete',
    input: ({ nextKey }) => ({ id: nextKey, confirmName: 'Audited' }),
  },
  {
    path: 'accessKeys.create',
    action: 'access_key.create',
    input: () => ({ name: 'Audited', environment: 'live', scopes: ['tokens:mint'] }),
    learn: { schema: keyId, as: 'accessKey' },
  },
  {
    path: 'accessKeys.update',
    action: 'access_key.update',
    input: ({ accessKey }) => ({ id: accessKey, mintsPerMinute: 7 }),
  },
  {
    path: 'accessKeys.rotate',
    action: 'access_key.rotate',
    input: ({ accessKey }) => ({ id: accessKey, graceSeconds: 60 }),
    learn: { schema: keyId, as: 'accessKey' },
  },
  { path: 'accessKeys.disable', action: 'access_key.disable', input: ({ accessKey }) => ({ id: accessKey }) },
  { path: 'accessKeys.enable', action: 'access_key.enable', input: ({ accessKey }) => ({ id: accessKey }) },
  {
    path: 'accessKeys.revoke',
    action: 'access_key.revoke',
    input: ({ accessKey }) => ({ id: accessKey, confirmName: 'Audited' }),
  },
  {
    path: 'members.create',
    action: 'member.create',
    input: () => ({ name: 'Mo', email: 'mo@members.test', role: 'viewer', password: PASSWORD }),
    learn: { schema: memberId, as: 'member' },
  },
  {
    path: 'members.update',
    action: 'member.update',
    input: ({ member }) => ({ id: member, role: 'developer' }),
  },
  {
    path: 'members.setPassword',
    action: 'member.set_password',
    input: ({ member }) => ({ id: member, password: `${PASSWORD}!` }),
  },
  { path: 'members.endSignIn', action: 'member.end_sign_in', input: ({ signIn }) => ({ id: signIn }) },
  {
    path: 'members.endAllSignIns',
    action: 'member.end_all_sign_ins',
    input: ({ viewer }) => ({ memberId: viewer }),
  },
  {
    path: 'users.setLimits',
    action: 'user.set_limits',
    input: ({ user }) => ({ id: user, mintsPerMinute: 5 }),
  },
  { path: 'users.block', action: 'user.block', input: ({ user }) => ({ id: user, reason: 'abuse' }) },
  { path: 'users.unblock', action: 'user.unblock', input: ({ user }) => ({ id: user }) },
  {
    path: 'budgets.set',
    action: 'budget.set',
    input: () => ({
      scope: 'project',
      subject: '',
      limitMicroUsd: 1_000_000_000,
      period: 'monthly',
      timeZone: 'UTC',
      action: 'warn',
    }),
  },
  {
    path: 'budgets.remove',
    action: 'budget.remove',
    input: () => ({ scope: 'project', subject: '' }),
  },
  { path: 'budgets.setLimits', action: 'limits.set', input: () => ({ mintsPerMinute: 99_999 }) },
  {
    path: 'nodes.register',
    action: 'node.register',
    input: () => ({
      id: 'audited',
      name: 'Audited',
      type: 'gateway',
      capabilities: [],
      publicKey: createKeyPair().pem,
      endpoint: 'https://audited.example.test',
    }),
  },
  { path: 'nodes.update', action: 'node.update', input: () => ({ id: 'audited', load: 0.5 }) },
  {
    path: 'nodes.setScopes',
    action: 'node.set_scopes',
    input: () => ({ id: 'audited', scopes: ['nodes:read'] }),
  },
  { path: 'nodes.endSignIns', action: 'node.end_sign_ins', input: () => ({ id: 'signed-in' }) },
  {
    path: 'nodes.revoke',
    action: 'node.revoke',
    input: () => ({ id: 'audited', confirmName: 'Audited' }),
  },
  {
    path: 'nodes.createRegistrationToken',
    action: 'node_registration_token.create',
    input: () => ({ scopes: ['nodes:read'], ttlSeconds: 600 }),
    learn: { schema: tokenId, as: 'token' },
  },
  {
    path: 'nodes.revokeRegistrationToken',
    action: 'node_registration_token.revoke',
    input: ({ token }) => ({ id: token }),
  },
  { path: 'nodes.rotateSigningKey', action: 'node.rotate_signing_key', input: () => ({}) },
];

const definitionSchema = z.object({ type: z.enum(['query', 'mutation', 'subscription']) });
const MUTATIONS = Object.entries(appRouter._def.procedures).flatMap(([path, procedure]) =>
  definitionSchema.parse(Reflect.get(procedure, '_def')).type === 'mutation' ? [path] : [],
);

test('every mutation and every route that is no question is known here', ({ expect }) => {
  const known = [
    ...STEPS.map(({ path }) => path),
    ...Object.keys(HAS_ITS_OWN_ROW),
    ...Object.keys(ONE_PER_ITEM),
    ...CHANGES_NOTHING,
  ];
  expect(MUTATIONS.filter((path) => !known.includes(path))).toEqual([]);
  const posts = ROUTES.flatMap(({ methods, path }) => (methods.includes('POST') ? [`POST ${path}`] : []));
  // A set-up is audited by its verb, and can be done but once; a registration is the procedure's.
  const audited = ['POST /api/setup', 'POST /api/v1/auth/register'];
  expect(posts.filter((it) => ![...known, ...HAS_PARTS, ...audited].includes(it))).toEqual([]);
});

test(
  'each mutation leaves exactly one entry a target that names who did it',
  { timeout: 120_000 },
  async ({ host, expect }) => {
    const token = await signInOperator(host);
    const member = await createMember(host, 'viewer');
    const [signIn] = await host.readRows('select id from auth_sessions where user_id = ?', [member.id]);
    // A second one, so that there is another to end after the first.
    await signInAs(host, member.email);
    await joinNetwork(host, 'signed-in');
    const ids = {
      key: '',
      token: '',
      nextKey: '',
      member: '',
      accessKey: '',
      viewer: member.id,
      user: 'ext:user-of-the-steps',
    };
    const minted = await host.post(
      '/v1/realtime/client_secrets',
      {},
      {
        token: await host.issuer.sign({ sub: 'user-of-the-steps' }),
      },
    );
    expect(minted.status).toBe(200);
    const known: Known = { ...ids, signIn: String(signIn?.['id']) };
    for (const { path, action, also, input, learn } of STEPS.filter((step) =>
      MUTATIONS.includes(step.path),
    )) {
      const requestId = `audit-of-${path.replace('.', '-')}`;
      const options = { token, headers: headers(requestId) };
      const response = await host.post(`/trpc/${path}`, input(known), options);
      const answer = await response.json();
      expect(response.status, `${path}: ${JSON.stringify(answer)}`).toBe(200);
      if (learn !== undefined) known[learn.as] = learn.schema.parse(answer.result.data);
      const entries = await readEntries(host, requestId);
      expect(entries, path).toMatchObject(
        [action, also ?? []].flat().map((it) => ({ action: it, actor_kind: 'operator', result: 'ok' })),
      );
      expect(entries[0]?.['actor_id'], path).not.toBeNull();
    }
  },
);

function headers(requestId: string) {
  return { 'x-request-id': requestId };
}

test('and after all that the chain holds', async ({ host, expect }) => {
  const token = await signInOperator(host);
  const response = await host.fetch('/trpc/audit.status', { headers: { authorization: `Bearer ${token}` } });
  const { result } = await response.json();

  expect(result.data).toMatchObject({ firstBroken: null, verifiedTo: expect.any(Number) });
  expect(result.data.verifiedTo).toBe(result.data.total);
});
