// Refresh families, registration tokens and what a node may be given.
import { decodeProtectedHeader } from 'jose';
import * as z from 'zod';

import type { TestHost } from './support/host.ts';
import { createHostTest } from './support/host-test.ts';
import {
  createKeyPair,
  joinNetwork,
  logIn,
  register,
  registrationOf,
  sendAs,
  type TestNode,
  tokensSchema,
} from './support/nodes.ts';
import { connect, connectOperator } from './support/trpc.ts';

const test = createHostTest({ NODE_REGISTRATION: 'token' });

const jwksSchema = z.object({ keys: z.array(z.looseObject({ kid: z.string() })) });
const ORDINARY = ['nodes:read', 'nodes:write-own', 'messages:send', 'messages:read-own'] as const;

async function makeToken(host: TestHost, scopes: readonly (typeof ORDINARY)[number][] = ORDINARY) {
  const operator = await connectOperator(host);
  const made = await operator.nodes.createRegistrationToken.mutate({
    scopes: [...scopes],
    note: 'Of a test',
  });
  return { ...made, header: { 'x-registration-token': made.secret } };
}

async function join(host: TestHost, id: string): Promise<TestNode> {
  return await joinNetwork(host, id, { registrationToken: (await makeToken(host)).secret });
}

function refresh(host: TestHost, token: string): Promise<Response> {
  return host.fetch('/api/v1/auth/refresh', {
    method: 'POST',
    headers: { authorization: `Bearer ${token}` },
  });
}

const kidOf = (token: string): unknown => decodeProtectedHeader(token).kid;

async function listKids(host: TestHost): Promise<string[]> {
  const { keys } = jwksSchema.parse(await (await host.fetch('/.well-known/jwks.json')).json());
  return keys.map(({ kid }) => kid);
}

async function refreshed(host: TestHost, token: string) {
  return tokensSchema.parse(await (await refresh(host, token)).json());
}

/** As if the token had been used, or issued, so many seconds before. */
async function age(host: TestHost, nodeId: string, seconds: number): Promise<void> {
  const sql = `update node_refresh_tokens set used_at = used_at - ?2, expires_at = expires_at - ?2
    where node_id = ?1 returning hash`;
  await host.readRows(sql, [nodeId, seconds * 1_000]);
}

test('a refresh token rotates, and both tokens of the answer are good', async ({ host, expect }) => {
  const node = await join(host, 'rotates');
  const first = await refreshed(host, node.refreshToken);
  expect(first.refresh_token).not.toBe(node.refreshToken);
  expect((await sendAs(host, first.access_token)('GET', '/api/v1/nodes')).status).toBe(200);
  const second = await refreshed(host, first.refresh_token);
  expect((await sendAs(host, second.access_token)('GET', '/api/v1/nodes')).status).toBe(200);
});

test('a used refresh token that comes again after the grace ends its family, and is audited', async ({
  host,
  expect,
}) => {
  const node = await join(host, 'stolen');
  const other = await refreshed(host, node.refreshToken);
  await age(host, 'stolen', 11);
  expect((await refresh(host, node.refreshToken)).status).toBe(401);
  expect((await refresh(host, other.refresh_token)).status).toBe(401);
  const entries = await host.readRows(
    "select action, result, target from audit_entries where action = 'node.refresh' and target = 'stolen'",
  );
  expect(entries).toEqual([{ action: 'node.refresh', result: 'denied', target: 'stolen' }]);
});

test('within the grace a retried request gets an answer of its own; whose is used, the other one ends', async ({
  host,
  expect,
}) => {
  const node = await join(host, 'retries');
  const lost = await refreshed(host, node.refreshToken);
  const kept = await refreshed(host, node.refreshToken);
  const next = await refreshed(host, kept.refresh_token);
  expect((await refresh(host, lost.refresh_token)).status).toBe(401);
  // The one that ended was shown: two have a copy, so all of them end.
  expect((await refresh(host, next.refresh_token)).status).toBe(401);
});

test('within the grace, but after its answer was used, a used token ends its family', async ({
  host,
  expect,
}) => {
  const node = await join(host, 'copied');
  const kept = await refreshed(host, node.refreshToken);
  const next = await refreshed(host, kept.refresh_token);
  expect((await refresh(host, node.refreshToken)).status).toBe(401);
  expect((await refresh(host, next.refresh_token)).status).toBe(401);
});

test('twenty refreshes at once are twenty retries, and only one line goes on', async ({ host, expect }) => {
  const node = await join(host, 'parallel');
  const answers = await Promise.all(Array.from({ length: 20 }, () => refreshed(host, node.refreshToken)));
  expect(new Set(answers.map((it) => it.refresh_token)).size).toBe(20);
  const kept = answers.at(7)?.refresh_token ?? '';
  expect((await refresh(host, kept)).status).toBe(200);
  const alive = await host.readRows(
    "select count(*) as n from node_refresh_tokens where node_id = 'parallel' and used_at is null and revoked_at is null",
  );
  expect(alive).toEqual([{ n: 1 }]);
});

test('what is no refresh token is refused: none, unknown, expired, an access token', async ({
  host,
  expect,
}) => {
  const node = await join(host, 'bad-refresh');
  expect((await host.fetch('/api/v1/auth/refresh', { method: 'POST' })).status).toBe(401);
  for (const token of [`enr_${'A'.repeat(43)}`, 'x', node.token, `${node.refreshToken}A`]) {
    expect([token.slice(0, 8), (await refresh(host, token)).status]).toEqual([token.slice(0, 8), 401]);
  }
  await age(host, 'bad-refresh', 31 * 86_400);
  expect((await refresh(host, node.refreshToken)).status).toBe(401);
});

test('without a good registration token nobody enters, whatever the id', async ({ host, expect }) => {
  const known = await join(host, 'admitted');
  const used = await makeToken(host);
  await joinNetwork(host, 'used-it-up', { registrationToken: used.secret });
  const revoked = await makeToken(host);
  const operator = await connectOperator(host);
  await operator.nodes.revokeRegistrationToken.mutate({ id: revoked.registrationToken.id });
  const expired = await makeToken(host);
  await host.readRows('update node_registration_tokens set expires_at = ? where id = ? returning id', [
    Date.now() - 1_000,
    expired.registrationToken.id,
  ]);
  const keys = createKeyPair();
  const tokens = [null, 'x', used.secret, revoked.secret, expired.secret];
  for (const id of ['newcomer', 'admitted']) {
    for (const [index, token] of tokens.entries()) {
      const headers: HeadersInit = token === null ? {} : { 'x-registration-token': token };
      const { status } = await register(host, registrationOf(id, keys), headers);
      expect([id, index, status]).toEqual([id, index, 403]);
    }
  }
  const fresh = await makeToken(host);
  expect((await register(host, registrationOf('admitted', keys), fresh.header)).status).toBe(409);
  // A refusal uses nothing up.
  expect((await register(host, registrationOf('newcomer', keys), fresh.header)).status).toBe(201);
  const states = (await operator.nodes.listRegistrationTokens.query()).items.map(({ id, state }) => [
    id,
    state,
  ]);
  expect(states).toContainEqual([fresh.registrationToken.id, 'used']);
  expect(states).toContainEqual([revoked.registrationToken.id, 'revoked']);
  expect(states).toContainEqual([expired.registrationToken.id, 'expired']);
  expect(known.id).toBe('admitted');
});

test('of ten machines with one registration token, one enters', async ({ host, expect }) => {
  const { header, secret } = await makeToken(host);
  const keys = Array.from({ length: 10 }, () => createKeyPair());
  const answers = await Promise.all(
    keys.map((pair, index) => register(host, registrationOf(`crowd-${index}`, pair), header)),
  );
  const statuses = answers.map(({ status }) => status).toSorted((a, b) => a - b);
  expect(statuses).toEqual([201, ...Array.from({ length: 9 }, () => 403)]);
  const stored = JSON.stringify(await host.readRows('select * from node_registration_tokens'));
  expect(stored).not.toContain(secret);
  expect(host.logs()).not.toContain(secret);
});

test('to register again a node proves itself: a public key is known to all', async ({ host, expect }) => {
  const { secret, header } = await makeToken(host);
  const keys = createKeyPair();
  const node = await joinNetwork(host, 'again', { keys, registrationToken: secret });
  const moved = registrationOf('again', keys, { endpoint: 'https://elsewhere.example.test' });
  expect((await register(host, moved)).status).toBe(403);
  expect((await register(host, moved, (await makeToken(host)).header)).status).toBe(403);
  expect((await register(host, moved, header)).status).toBe(200);
  const own = await register(host, moved, { authorization: `Bearer ${node.token}` });
  expect(own.status).toBe(200);
  expect(await own.json()).toMatchObject({ endpoint: 'https://elsewhere.example.test' });
});

test('a node may what it was given, from one moment to the next', async ({ host, expect }) => {
  const node = await join(host, 'scoped');
  const keysOf = () => node.send('GET', '/api/internal/api-keys');
  expect((await keysOf()).status).toBe(403);
  const operator = await connectOperator(host);
  const scopes = ['nodes:read', 'keys:read-for-service'] as const;
  await operator.nodes.setScopes.mutate({ id: 'scoped', scopes: [...scopes] });
  const answer = await keysOf();
  expect(answer.status).toBe(200);
  expect(await answer.json()).toEqual([
    expect.objectContaining({ provider: 'openai', key: expect.any(String) }),
  ]);
  const [entry] = await host.readRows(
    "select actor_kind, actor_id from audit_entries where action = 'provider_key.read' order by seq desc limit 1",
  );
  expect(entry).toEqual({ actor_kind: 'node', actor_id: 'scoped' });
  expect((await node.send('PUT', '/api/v1/nodes/scoped', { load: 0 })).status).toBe(403);
  expect((await node.send('POST', '/api/internal/api-keys', {})).status).toBe(401);
});

test('a rotated signing key is named, published, and signs the very next tokens', async ({
  host,
  expect,
}) => {
  const node = await join(host, 'rotated');
  const operator = await connectOperator(host);
  const old = kidOf(node.token);
  const { kid } = await operator.nodes.rotateSigningKey.mutate();
  expect(kid).not.toBe(old);
  const { access_token: next } = tokensSchema.parse(await (await logIn(host, 'rotated', node.keys)).json());
  expect(kidOf(next)).toBe(kid);
  expect(await listKids(host)).toEqual(expect.arrayContaining([kid, old]));
  for (const token of [node.token, next]) {
    expect((await sendAs(host, token)('GET', '/api/v1/nodes/rotated')).status).toBe(200);
  }
});

test('the signing key can be rotated while its tokens are in use', async ({ host, expect }) => {
  const node = await join(host, 'rotating');
  const operator = await connectOperator(host);
  const { kid } = await operator.nodes.rotateSigningKey.mutate();
  expect((await node.send('GET', '/api/v1/nodes')).status).toBe(200);
  const next = await refreshed(host, node.refreshToken);
  const header = JSON.parse(Buffer.from(next.access_token.split('.')[0] ?? '', 'base64url').toString());
  expect(header).toMatchObject({ kid });
  expect((await sendAs(host, next.access_token)('GET', '/api/v1/nodes')).status).toBe(200);
  const { keys } = await (await host.fetch('/.well-known/jwks.json')).json();
  expect(keys.filter((it: { kid: string }) => it.kid.startsWith('nsk_')).length).toBeGreaterThanOrEqual(2);
});

test('the same as procedures: a node enters, proves itself and asks with its token', async ({
  host,
  expect,
}) => {
  const { secret } = await makeToken(host);
  const keys = createKeyPair();
  const guest = connect(host, null);
  const { node, isNew } = await guest.nodes.register.mutate({
    id: 'typed',
    name: 'Typed',
    type: 'gateway',
    capabilities: [],
    publicKey: keys.pem,
    endpoint: 'wss://typed.example.test',
    registrationToken: secret,
  });
  expect([node.id, isNew, node.scopes]).toEqual(['typed', true, [...ORDINARY]]);
  await expect(guest.nodes.list.query({})).rejects.toMatchObject({ data: { httpStatus: 401 } });
});

test('an operator sees where a node is signed in, and ends one sign-in or all of them', async ({
  host,
  expect,
}) => {
  const node = await join(host, 'signed-in');
  const other = tokensSchema.parse(await (await logIn(host, 'signed-in', node.keys)).json());
  const kept = await refreshed(host, node.refreshToken);
  const operator = await connectOperator(host);
  const { items, open } = await operator.nodes.listSignIns.query({ id: 'signed-in' });
  expect(open).toBe(2);
  expect(items.map(({ state }) => state)).toEqual(['open', 'open']);
  expect(items.map(({ refreshes }) => refreshes).toSorted((a, b) => a - b)).toEqual([0, 1]);
  expect(JSON.stringify(items)).not.toMatch(/enr_/);
  const unused = items.find(({ refreshes }) => refreshes === 0)?.id ?? '';

  await operator.nodes.endSignIns.mutate({ id: 'signed-in', signInId: unused });
  expect((await refresh(host, other.refresh_token)).status).toBe(401);
  const last = await refreshed(host, kept.refresh_token);
  await operator.nodes.endSignIns.mutate({ id: 'signed-in' });
  expect((await refresh(host, last.refresh_token)).status).toBe(401);
  const after = await operator.nodes.listSignIns.query({ id: 'signed-in' });
  expect([after.open, ...after.items.map(({ state }) => state)]).toEqual([0, 'ended', 'ended']);
  expect((await sendAs(host, last.access_token)('GET', '/api/v1/nodes')).status).toBe(200);
});

test('nobody but an operator sees or ends sign-ins, and never another node’s', async ({ host, expect }) => {
  const [node, stranger] = [await join(host, 'private'), await join(host, 'stranger')];
  const asStranger = connect(host, stranger.token);
  for (const id of ['private', 'stranger']) {
    await expect(asStranger.nodes.listSignIns.query({ id })).rejects.toThrow(/scope/);
    await expect(asStranger.nodes.endSignIns.mutate({ id })).rejects.toThrow(/scope/);
  }
  const operator = await connectOperator(host);
  const { items } = await operator.nodes.listSignIns.query({ id: 'private' });
  const foreign = { id: 'stranger', signInId: items[0]?.id ?? '' };
  await expect(operator.nodes.endSignIns.mutate(foreign)).rejects.toThrow('There is no such sign-in.');
  await expect(operator.nodes.endSignIns.mutate({ id: 'nobody' })).rejects.toThrow('There is no such node.');
  expect((await refresh(host, node.refreshToken)).status).toBe(200);
});
