import { createHmac, generateKeyPairSync } from 'node:crypto';

import { createAccessKeySecrets } from '@ephemera/api';
import { SignJWT } from 'jose';

import { createKey } from './support/access-keys.ts';
import { createDice, type Dice } from './support/dice.ts';
import type { TestHost } from './support/host.ts';
import { test } from './support/host-test.ts';
import { createMember } from './support/members.ts';
import { connectOperator } from './support/trpc.ts';

const SEED = 20_261_122;
const SEQUENCES = 60;
const LONGEST = 8;

type Payload = { type: string | null; body: string };
type Send = { path: string; token: string | null; payload: Payload; headers?: Record<string, string> };
type Step = { name: string; send: Send; statuses: readonly number[] };

/** The three ways to a token, each with a body that a good caller would be served for. */
const TARGETS: readonly [Target, ...Target[]] = [
  { path: '/v1/realtime/client_secrets', good: { session: { type: 'realtime' } }, sessionAt: 'session' },
  {
    path: '/api/realtime/token',
    good: { sessionConfig: { model: 'gpt-realtime-2.1', voice: 'marin', instructions: 'Hello.' } },
    sessionAt: 'sessionConfig',
  },
  { path: '/trpc/tokens.create', good: { session: { type: 'realtime' } }, sessionAt: 'session' },
];

type Target = { path: string; good: Record<string, object>; sessionAt: string };
type BadCaller = {
  name: string;
  token: string | null;
  statuses: readonly number[];
  headers?: Record<string, string>;
  /** From then on it might be served after all. */
  untilMs?: number;
};

function toPayload(value: unknown): Payload {
  return { type: 'application/json', body: JSON.stringify(value) };
}

function encode(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

async function forgeTokens(host: TestHost): Promise<[name: string, token: string][]> {
  const { issuer, audience, publicKeyPem } = host.issuer;
  const now = Math.floor(Date.now() / 1_000);
  const claims = { iss: issuer, aud: audience, sub: 'somebody', iat: now, exp: now + 600 };
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2_048 });
  const hs256 = `${encode({ alg: 'HS256', kid: 'test-key' })}.${encode(claims)}`;
  const good = await host.issuer.sign();
  return [
    ['expired', await host.issuer.sign({ exp: now - 31 })],
    ['not yet valid', await host.issuer.sign({ nbf: now + 600 })],
    ['without an end', await host.issuer.sign({ exp: undefined })],
    ['for another audience', await host.issuer.sign({ aud: 'somebody-else' })],
    ['of another issuer', await host.issuer.sign({ iss: 'https://elsewhere.example' })],
    ['alg none', `${encode({ alg: 'none', kid: 'test-key' })}.${encode(claims)}.`],
    [
      'signed with the public key',
      `${hs256}.${createHmac('sha256', publicKeyPem).update(hs256).digest('base64url')}`,
    ],
    [
      'signed by a stranger',
      await new SignJWT(claims).setProtectedHeader({ alg: 'RS256', kid: 'test-key' }).sign(privateKey),
    ],
    ['with a changed end', `${good.slice(0, -8)}AAAAAAAA`],
    ['no token', 'garbage'],
    ['too long', `${good}.${'a'.repeat(9_000)}`],
  ];
}

/** Keys that exist and may not mint, and what looks like one. */
async function collectKeys(host: TestHost): Promise<BadCaller[]> {
  const operator = await connectOperator(host);
  const revoked = await createKey(host, { name: 'Revoked' });
  await operator.accessKeys.revoke.mutate({ id: revoked.key.id, confirmName: 'Revoked' });
  const disabled = await createKey(host);
  await operator.accessKeys.disable.mutate({ id: disabled.key.id });
  const replaced = await createKey(host);
  await operator.accessKeys.rotate.mutate({ id: replaced.key.id, graceSeconds: 0 });
  const readOnly = await createKey(host, { scopes: ['models:read'] });
  const ofAPage = await createKey(host, { allowedOrigins: ['https://app.example.test'] });
  const crowded = await createKey(host, { maxOpenSessions: 1 });
  const hasty = await createKey(host, { mintsPerMinute: 1 });
  const windowEndMs = Date.now() + 50_000;
  for (const { secret } of [crowded, hasty]) {
    const first = await host.post('/v1/realtime/client_secrets', {}, { token: secret });
    if (first.status !== 200) throw new Error(await first.text());
  }
  const otherModel = await createKey(host, { allowedModels: ['gpt-realtime-2.1-mini'] });
  const unknown = createAccessKeySecrets('not the secret of this deployment');
  return [
    { name: 'revoked key', token: revoked.secret, statuses: [401] },
    { name: 'disabled key', token: disabled.secret, statuses: [401] },
    { name: 'replaced key', token: replaced.secret, statuses: [401] },
    { name: 'made-up key', token: unknown.create('live'), statuses: [401] },
    { name: 'mistyped key', token: `${readOnly.secret.slice(0, -1)}_`, statuses: [401] },
    { name: 'key without the scope', token: readOnly.secret, statuses: [403] },
    { name: 'key of a page elsewhere', token: ofAPage.secret, statuses: [403] },
    {
      name: 'key from a foreign page',
      token: ofAPage.secret,
      statuses: [403],
      headers: { origin: 'https://evil.example' },
    },
    { name: 'key with a session open', token: crowded.secret, statuses: [429] },
    { name: 'key over its rate', token: hasty.secret, statuses: [429], untilMs: windowEndMs },
    { name: 'key of another model', token: otherModel.secret, statuses: [403] },
  ];
}

async function collectCallers(host: TestHost): Promise<[BadCaller, ...BadCaller[]]> {
  const forged = await forgeTokens(host);
  const viewer = await createMember(host, 'viewer');
  return [
    { name: 'nobody', token: null, statuses: [401] },
    ...forged.map(([name, token]) => ({ name, token, statuses: [401] })),
    { name: 'a viewer', token: viewer.token, statuses: [403] },
    ...(await collectKeys(host)),
  ];
}

const JUNK: readonly [unknown, ...unknown[]] = [null, 17, true, '', [], {}, [[]], { a: 1 }, 'x'.repeat(200)];

/** A body that no caller is served for: broken, of the wrong kind, or wrong in one place. */
function spoil({ good, sessionAt }: Target, dice: Dice): Payload {
  const whole = JSON.stringify(good);
  const inSession = (field: object): Payload =>
    toPayload({ ...good, [sessionAt]: { ...good[sessionAt], ...field } });
  const ways: readonly [() => Payload, ...(() => Payload)[]] = [
    () => ({ type: 'application/json', body: whole.slice(0, 1 + dice.below(whole.length - 1)) }),
    () => ({ type: dice.pick(['text/plain', 'application/xml', 'multipart/form-data']), body: whole }),
    () => ({ type: 'application/json', body: `${whole.slice(0, -1)},"x":NaN}` }),
    () => toPayload({ ...good, padding: 'x'.repeat(600_000) }),
    () => toPayload({ ...good, [`x${dice.below(1_000)}`]: 1 }),
    () => toPayload({ ...good, [sessionAt]: dice.pick<unknown>([17, 'x', [], true]) }),
    () => inSession({ model: `gpt-nobody-${dice.below(1_000)}` }),
    () => inSession({ model: dice.pick<unknown>([17, null, [], {}]) }),
    () => inSession({ voice: 'nobody', audio: { output: { voice: 'nobody' } } }),
    () => inSession({ [`x${dice.below(1_000)}`]: dice.pick(JUNK) }),
    () => inSession({ instructions: dice.pick<unknown>([17, [], {}, 'x'.repeat(65_537)]) }),
    () => toPayload({ ...good, expires_after: { seconds: 9 }, ttlSeconds: 7_201 + dice.below(1_000) }),
    () => toPayload(dice.pick<unknown>([[], 17, 'text', [good]])),
  ];
  return dice.pick(ways)();
}

/** One request that must not be served: a bad caller with any body, or a good one with a bad body. */
function rollStep(host: TestHost, callers: readonly [BadCaller, ...BadCaller[]], dice: Dice): Step {
  const target = dice.pick(TARGETS);
  if (dice.below(3) === 0) {
    const payload = spoil(target, dice);
    return {
      name: `bad body: ${payload.type ?? ''} ${payload.body.slice(0, 120)}`,
      send: { path: target.path, token: host.userToken, payload },
      statuses: [400, 413, 415, 422],
    };
  }
  const rolled = dice.pick(callers);
  const [nobody] = callers;
  const { name, token, statuses, headers = {} } = (rolled.untilMs ?? Infinity) > Date.now() ? rolled : nobody;
  const isWhole = dice.below(4) > 0;
  return {
    name: `${name}${isWhole ? '' : ', bad body'}`,
    send: {
      path: target.path,
      token,
      payload: isWhole ? toPayload(target.good) : spoil(target, dice),
      headers,
    },
    statuses: isWhole ? statuses : [...statuses, 400, 413, 415, 422],
  };
}

async function run(host: TestHost, { path, token, payload, headers }: Send): Promise<number> {
  const response = await host.fetch(path, {
    method: 'POST',
    body: payload.body,
    headers: {
      ...(payload.type === null ? {} : { 'content-type': payload.type }),
      ...(token === null ? {} : { authorization: `Bearer ${token}` }),
      ...headers,
    },
  });
  await response.arrayBuffer();
  return response.status;
}

/** Half of them in a row, half of them at once. */
async function runAll(host: TestHost, steps: readonly Step[], atOnce: boolean): Promise<number[]> {
  if (atOnce) return await Promise.all(steps.map(({ send }) => run(host, send)));
  const statuses: number[] = [];
  for (const { send } of steps) statuses.push(await run(host, send));
  return statuses;
}

test(
  'no sequence of bad requests causes one upstream request',
  { timeout: 120_000 },
  async ({ host, expect }) => {
    const callers = await collectCallers(host);
    await host.simulator.admin.reset();
    const dice = createDice(SEED);
    for (let sequence = 0; sequence < SEQUENCES; sequence += 1) {
      const steps = Array.from({ length: 1 + dice.below(LONGEST) }, () => rollStep(host, callers, dice));
      const statuses = await runAll(host, steps, sequence % 2 === 1);
      const told = steps
        .map(({ name, send }, index) => `${send.path} ${name}: ${statuses[index]}`)
        .join('\n');
      expect(await host.simulator.admin.requests(), told).toEqual([]);
      for (const [index, { statuses: expected }] of steps.entries()) {
        expect(expected, told).toContain(statuses[index]);
      }
    }
  },
);

test('and the same caller with a good request is served', async ({ host, expect }) => {
  await host.simulator.admin.reset();
  for (const { path, good } of TARGETS) {
    expect(await run(host, { path, token: host.userToken, payload: toPayload(good) })).toBe(200);
  }
  expect(await host.simulator.admin.requests()).toHaveLength(TARGETS.length);
});
