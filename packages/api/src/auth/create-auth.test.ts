import { createTestDatabase } from '@ephemera/db/testing';
import type { TestDatabase } from '@ephemera/db/testing';
import { decodeJwt, decodeProtectedHeader } from 'jose';
import { test, vi } from 'vitest';
import * as z from 'zod';

import { createTestAuth, INFO, ORIGIN, postAuth } from '../../test/auth.ts';
import type { Auth } from './create-auth.ts';
import { createGate } from './password-gate.ts';

const OPERATOR = {
  email: 'Op@Demo.test',
  password: 'correct horse battery',
  name: 'Op',
  role: 'operator',
} as const;

function signInRequest(password: string, email: string, origin = ORIGIN): Request {
  return new Request(`${origin}/api/auth/sign-in/email`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin },
    body: JSON.stringify({ email, password }),
  });
}

function signIn(auth: Auth, password: string, email = 'op@demo.test'): Promise<Response> {
  return postAuth(auth, { path: '/sign-in/email', body: { email, password } });
}

test('a seeded operator signs in and fetches a short user JWT', async ({ expect }) => {
  await using database = await createTestDatabase();
  const { auth } = createTestAuth(database);
  const { userId } = await auth.seedAccount(OPERATOR);
  const signedIn = await signIn(auth, OPERATOR.password);
  const cookie = signedIn.headers.get('set-cookie') ?? '';
  expect([signedIn.status, cookie]).toEqual([200, expect.stringMatching(/HttpOnly; SameSite=Lax/)]);
  const answer = await auth.handle(
    new Request(`${ORIGIN}/api/auth/token`, { headers: { cookie: cookie.split(';')[0] ?? '' } }),
    INFO,
  );
  const { token } = z.object({ token: z.string() }).parse(await answer.json());
  const claims = decodeJwt(token);
  expect(claims).toMatchObject({
    iss: ORIGIN,
    aud: 'ephemera',
    sub: userId,
    role: 'operator',
    name: 'Op',
    email: 'op@demo.test',
  });
  expect((claims.exp ?? 0) - (claims.iat ?? 0)).toBe(900);
  expect(decodeProtectedHeader(token)).toMatchObject({ alg: 'RS256', kid: expect.any(String) });
});

test('the public cannot sign up, however it asks', async ({ expect }) => {
  await using database = await createTestDatabase();
  const { auth } = createTestAuth(database);
  const body = { email: 'eve@demo.test', password: 'correct horse battery', name: 'Eve', role: 'operator' };
  await expect(postAuth(auth, { path: '/sign-up/email', body })).rejects.toMatchObject({ code: 'not_found' });
  expect(await database.read('select id from users')).toEqual([]);
});

test('a signed-in user cannot make themselves an operator', async ({ expect }) => {
  await using database = await createTestDatabase();
  const { auth } = createTestAuth(database);
  await auth.seedAccount({ ...OPERATOR, email: 'eve@demo.test', role: 'user' });
  const signedIn = await signIn(auth, OPERATOR.password, 'eve@demo.test');
  const cookie = signedIn.headers.get('set-cookie')?.split(';')[0] ?? '';
  for (const body of [
    { role: 'operator', name: 'Eve' },
    { name: 'Eve', isAdmin: true },
    { name: 'Eve', image: 'javascript:alert(1)' },
    { name: 'x'.repeat(101) },
    { name: 'Eve\u001B[2J' },
    { name: ' ' },
  ]) {
    const refused = postAuth(auth, { path: '/update-user', body, headers: { cookie } });
    await expect(refused).rejects.toMatchObject({ code: 'invalid_request' });
  }
  expect(
    (await postAuth(auth, { path: '/update-user', body: { name: ' Eva ' }, headers: { cookie } })).status,
  ).toBe(200);
  expect(await database.read('select name, image from users')).toEqual([{ name: 'Eva', image: null }]);
  expect(await database.read('select role from users')).toEqual([{ role: 'user' }]);
});

test('a wrong password and an unknown user get the same answer', async ({ expect }) => {
  await using database = await createTestDatabase();
  const { auth } = createTestAuth(database);
  await auth.seedAccount(OPERATOR);
  const [wrong, unknown] = [
    await signIn(auth, 'wrong password'),
    await signIn(auth, 'x'.repeat(20), 'no@demo.test'),
  ];
  expect([wrong.status, await wrong.text()]).toEqual([unknown.status, await unknown.text()]);
  expect(wrong.status).toBe(401);
});

test('a foreign origin cannot use the cookie', async ({ expect }) => {
  await using database = await createTestDatabase();
  const { auth } = createTestAuth(database);
  await auth.seedAccount(OPERATOR);
  const body = { email: 'op@demo.test', password: OPERATOR.password };
  const headers = { origin: 'https://evil.test', cookie: 'ephemera.session_token=x' };
  const answer = await postAuth(auth, { path: '/sign-in/email', body, headers });
  expect(answer.status).toBe(403);
});

test('seeding again keeps the account and brings its role and password up to date', async ({ expect }) => {
  await using database = await createTestDatabase();
  const { auth } = createTestAuth(database);
  const first = await auth.seedAccount(OPERATOR);
  const again = await auth.seedAccount({ ...OPERATOR, role: 'user', password: 'another long password' });
  expect([first.isCreated, again]).toEqual([true, { userId: first.userId, isCreated: false }]);
  expect((await signIn(auth, OPERATOR.password)).status).toBe(401);
  expect((await signIn(auth, 'another long password')).status).toBe(200);
  expect(await database.read('select role, email from users')).toEqual([
    { role: 'user', email: 'op@demo.test' },
  ]);
});

test('only the public half of a signing key is published, and the private one is stored encrypted', async ({
  expect,
}) => {
  await using database = await createTestDatabase();
  const { auth } = createTestAuth(database);
  const { userId } = await auth.seedAccount(OPERATOR);
  const token = await auth.signUserToken({ userId, ttlSeconds: 60 });
  const { keys } = await auth.listPublicKeys();
  expect(keys).toHaveLength(1);
  expect(keys[0]?.['kid']).toBe(decodeProtectedHeader(token).kid);
  for (const secret of ['d', 'p', 'q', 'dp', 'dq', 'qi', 'k']) expect(keys[0]).not.toHaveProperty(secret);
  const [row] = await database.read('select private_key from jwks');
  expect(row?.['private_key']).not.toMatch(/"d"|"p"|"kty"/);
  const claims = decodeJwt(token);
  expect((claims.exp ?? 0) - (claims.iat ?? 0)).toBe(60);
});

test('errors of the library reach the log without their text', async ({ expect }) => {
  await using database = await createTestDatabase();
  const { auth, logger } = createTestAuth(database);
  await database.write({ sql: 'drop table accounts', args: [] });
  await database.write({ sql: 'drop table auth_sessions', args: [] });
  await database.write({ sql: 'drop table users', args: [] });
  const printed = vi.spyOn(console, 'error').mockImplementation(() => undefined);
  const error: unknown = await signIn(auth, 'canary-password', 'canary@demo.test').catch(
    (reason: unknown) => reason,
  );
  expect(error).toMatchObject({ code: 'internal', httpStatus: 500 });
  expect(String(error) + JSON.stringify(logger.lines)).not.toMatch(/canary|select/i);
  expect(printed).not.toHaveBeenCalled();
  printed.mockRestore();
});

test('at most two passwords are hashed at once, and a crowd is turned away', async ({ expect }) => {
  const gate = createGate(2, 3);
  let running = 0;
  let most = 0;
  const release = Promise.withResolvers<void>();
  const work = async (): Promise<void> => {
    running += 1;
    most = Math.max(most, running);
    await release.promise;
    running -= 1;
  };
  const all = Promise.allSettled(Array.from({ length: 7 }, () => gate(work)));
  release.resolve();
  const statuses = (await all).map(({ status }) => status);
  expect(most).toBe(2);
  expect(statuses.filter((status) => status === 'rejected')).toHaveLength(2);
  await expect(gate(() => Promise.reject(new Error('wrong')))).rejects.toThrow('wrong');
  await expect(gate(() => Promise.resolve('right'))).resolves.toBe('right');
});

/** Of the halves of two samples that are drawn in turn. */
function medianOf(values: readonly number[]): number {
  return values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? 0;
}

async function timeSignIns(database: TestDatabase, auth: Auth): Promise<number> {
  const times: Record<string, number[]> = { known: [], unknown: [] };
  for (let index = 0; index < 100; index += 1) {
    for (const [kind, email] of [
      ['known', 'op@demo.test'],
      ['unknown', 'no@demo.test'],
    ] as const) {
      // What is measured is not the lock.
      await database.write({ sql: 'delete from rate_windows', args: [] });
      // Of the process, all threads: the machine may be busy with other things.
      const before = process.cpuUsage();
      await auth.handle(signInRequest('a wrong password', email), INFO);
      const { user, system } = process.cpuUsage(before);
      times[kind]?.push(user + system);
    }
  }
  const [known, unknown] = [medianOf(times['known'] ?? []), medianOf(times['unknown'] ?? [])];
  return Math.abs(known - unknown) / Math.max(known, unknown);
}

test('security 21: an unknown account takes as long as a wrong password, within 5 % over 200 tries', async ({
  expect,
}) => {
  await using database = await createTestDatabase();
  // A tenth of the real cost: what differs beside the hash weighs ten times as much here.
  const { auth } = createTestAuth(database, { cost: { iterations: 60_000, passes: 1 } });
  await auth.seedAccount(OPERATOR);
  // A difference of ours is there each time; one of a busy machine is not.
  const rounds: number[] = [];
  while (rounds.length < 3 && !rounds.some((difference) => difference < 0.05)) {
    rounds.push(await timeSignIns(database, auth));
  }
  expect(Math.min(...rounds)).toBeLessThan(0.05);
}, 60_000);

test('security 14: a disabled account gets the answer of a wrong password, and no sign-in', async ({
  expect,
}) => {
  await using database = await createTestDatabase();
  const { auth } = createTestAuth(database);
  await auth.seedAccount(OPERATOR);
  const wrong = await signIn(auth, 'a wrong password');
  await database.write({ sql: 'update users set disabled_at = 1', args: [] });
  const disabled = await signIn(auth, OPERATOR.password);
  expect([disabled.status, await disabled.json()]).toEqual([wrong.status, await wrong.json()]);
  expect(disabled.headers.getSetCookie()).toEqual([]);
  expect(await database.read('select id from auth_sessions')).toEqual([]);
});

test('security 25: over https a cookie is of this very host', async ({ expect }) => {
  await using database = await createTestDatabase();
  const origin = 'https://voice.example.test';
  const { auth } = createTestAuth(database, { baseUrl: origin });
  await auth.seedAccount(OPERATOR);
  const answer = await auth.handle(signInRequest(OPERATOR.password, 'op@demo.test', origin), INFO);
  expect(answer.headers.getSetCookie()).toEqual([
    expect.stringMatching(/^__Host-ephemera\.session_token=.+; Path=\/; HttpOnly; Secure; SameSite=Lax$/),
  ]);
  const cookie = answer.headers.getSetCookie()[0]?.split(';')[0] ?? '';
  const session = await auth.handle(
    new Request(`${origin}/api/auth/get-session`, { headers: { cookie } }),
    INFO,
  );
  expect(await session.json()).toMatchObject({ user: { email: 'op@demo.test' } });
});

test('no audit, no answer: a sign-in that cannot be told is none', async ({ expect }) => {
  await using database = await createTestDatabase();
  const { auth } = createTestAuth(database);
  await auth.seedAccount(OPERATOR);
  await database.write({ sql: 'drop table audit_entries', args: [] });
  await expect(signIn(auth, OPERATOR.password)).rejects.toMatchObject({ httpStatus: 500 });
});
