import * as z from 'zod';

import { OPERATOR, type TestHost } from './support/host.ts';
import { test } from './support/host-test.ts';
import { cookiesOf, createMember, fetchToken, PASSWORD, signIn, signInAs } from './support/members.ts';
import { generateCode } from './support/totp.ts';
import { connect, connectOperator } from './support/trpc.ts';

const OWN_ORIGIN = 'http://127.0.0.1:8787';
const enabledSchema = z.object({ totpURI: z.string(), backupCodes: z.array(z.string()).min(8) });

type AuthPost = { path: string; body: unknown; cookie: string; origin?: string };

function postAuth(host: TestHost, { path, body, cookie, origin = OWN_ORIGIN }: AuthPost): Promise<Response> {
  return host.post(`/api/auth${path}`, body, { token: null, headers: { cookie, origin } });
}

/** A member with an authenticator app. */
async function createGuardedMember(host: TestHost, email: string) {
  const { cookie } = await createMember(host, 'developer', email);
  const enabled = await postAuth(host, { path: '/two-factor/enable', body: { password: PASSWORD }, cookie });
  const { totpURI, backupCodes } = enabledSchema.parse(await enabled.json());
  const code = generateCode(totpURI, Date.now());
  const verified = await postAuth(host, { path: '/two-factor/verify-totp', body: { code }, cookie });
  return { totpURI, backupCodes, status: verified.status, cookie: cookiesOf(verified) };
}

function readActions(host: TestHost, email: string) {
  return host.readRows(
    `select a.action, a.result, a.details from audit_entries a join users u on u.email = ?1
      where a.target = u.id order by a.seq`,
    [email],
  );
}

test('a second factor is asked for once it is set up: a code of the app, or a backup code once', async ({
  host,
  expect,
}) => {
  const email = 'guarded@members.test';
  const { totpURI, backupCodes, status } = await createGuardedMember(host, email);
  expect(status).toBe(200);
  const first = await signIn(host, { email });
  expect(await first.json()).toMatchObject({ twoFactorRedirect: true, twoFactorMethods: ['totp'] });
  const halfway = cookiesOf(first);
  expect((await host.fetch('/api/auth/token', { headers: { cookie: halfway } })).status).toBe(401);
  const wrong = await postAuth(host, {
    path: '/two-factor/verify-totp',
    body: { code: '000000' },
    cookie: halfway,
  });
  expect(wrong.status).toBe(401);
  const code = generateCode(totpURI, Date.now() + 30_000);
  const verified = await postAuth(host, { path: '/two-factor/verify-totp', body: { code }, cookie: halfway });
  expect(verified.status).toBe(200);
  expect(await verified.text()).not.toContain('"token"');
  const again = {
    path: '/two-factor/verify-totp',
    body: { code },
    cookie: cookiesOf(await signIn(host, { email })),
  };
  const count =
    'select count(*) as signs from auth_sessions s join users u on u.id = s.user_id where u.email = ?1';
  const before = await host.readRows(count, [email]);
  expect((await postAuth(host, again)).status).toBe(401);
  expect(await host.readRows(count, [email])).toEqual(before);
  const me = await connect(host, await fetchToken(host, cookiesOf(verified))).me.get.query();
  expect(me).toMatchObject({ email, role: 'developer', twoFactorEnabled: true });
  for (const expected of [200, 401]) {
    const cookie = cookiesOf(await signIn(host, { email }));
    const body = { code: backupCodes[0] };
    const answer = await postAuth(host, { path: '/two-factor/verify-backup-code', body, cookie });
    expect(answer.status).toBe(expected);
  }
  const actions = await readActions(host, email);
  expect(actions.map(({ action, result, details }) => [action, result, details])).toEqual([
    ['member.create', 'ok', '{"role":"developer"}'],
    ['account.sign_in', 'ok', '{"factor":"password"}'],
    ['account.request', 'ok', '{"route":"/two-factor/enable"}'],
    ['account.update', 'ok', null],
    ['account.request', 'ok', '{"route":"/two-factor/verify-totp"}'],
    ['account.enable_two_factor', 'ok', null],
    ['account.sign_in', 'ok', '{"factor":"totp"}'],
    ['account.sign_in', 'failed', '{"reason":"used_totp"}'],
    ['account.sign_in', 'ok', '{"factor":"backup_code"}'],
  ]);
});

test('an owner gives somebody who has lost their second factor a way back in, with a new password', async ({
  host,
  expect,
}) => {
  const email = 'lost@members.test';
  const { cookie } = await createGuardedMember(host, email);
  const owner = await connectOperator(host);
  const member = (await owner.members.list.query()).items.find((it) => it.email === email);
  const password = 'another password of the tests';
  const id = member?.id ?? '';
  await owner.members.setPassword.mutate({ id, password });
  expect(await (await signIn(host, { email, password })).json()).toMatchObject({ twoFactorRedirect: true });
  await owner.members.setPassword.mutate({ id, password, resetsTwoFactor: true });
  expect((await host.fetch('/api/auth/token', { headers: { cookie } })).status).toBe(401);
  const entered = await signIn(host, { email, password });
  const me = await connect(host, await fetchToken(host, cookiesOf(entered))).me.get.query();
  expect(me).toMatchObject({ email, twoFactorEnabled: false });
});

test('guessing the second factor ends with the challenge, and then with the account for a while', async ({
  host,
  expect,
}) => {
  const email = 'guessed@members.test';
  const { totpURI } = await createGuardedMember(host, email);
  const statuses: number[] = [];
  let cookie = '';
  for (let tries = 0; tries < 11; tries += 1) {
    if (tries % 5 === 0) cookie = cookiesOf(await signIn(host, { email }));
    const body = { code: String(tries).padStart(6, '0') };
    statuses.push((await postAuth(host, { path: '/two-factor/verify-totp', body, cookie })).status);
  }
  expect(statuses.slice(0, 10)).toEqual(Array.from({ length: 10 }, () => 401));
  expect(statuses[10]).toBe(429);
  const right = { code: generateCode(totpURI, Date.now()) };
  expect((await postAuth(host, { path: '/two-factor/verify-totp', body: right, cookie })).status).toBe(429);
});

test('security 20, 26: sign-ins are listed, each can be ended, and all of them; their tokens stop at once', async ({
  host,
  expect,
}) => {
  const { email, token, id } = await createMember(host, 'operator', 'many@members.test');
  const other = await signInAs(host, email);
  const third = await signInAs(host, email);
  const client = connect(host, token);
  const { items } = await client.members.listSignIns.query();
  expect(items).toHaveLength(3);
  expect(items.filter(({ isCurrent }) => isCurrent)).toHaveLength(1);
  expect(items[0]).toMatchObject({ userAgent: expect.any(String) });
  const latest = items[0]?.id ?? '';
  await client.members.endSignIn.mutate({ id: latest });
  await expect(connect(host, third.token).me.get.query()).rejects.toMatchObject({
    data: { appCode: 'unauthenticated' },
  });
  expect((await host.fetch('/api/auth/token', { headers: { cookie: third.cookie } })).status).toBe(401);
  expect((await connect(host, other.token).me.get.query()).id).toBe(id);
  expect(await client.members.endAllSignIns.mutate()).toEqual({ ended: 2 });
  for (const it of [token, other.token]) {
    await expect(connect(host, it).me.get.query()).rejects.toMatchObject({ data: { httpStatus: 401 } });
  }
});

test("nobody ends or sees somebody else's sign-ins without the right to", async ({ host, expect }) => {
  const victim = await createMember(host, 'viewer', 'seen@members.test');
  const developer = connect(host, (await createMember(host, 'developer', 'curious@members.test')).token);
  const rows = await host.readRows('select id from auth_sessions where user_id = ?1', [victim.id]);
  const id = String(rows[0]?.['id']);
  const refused = await developer.members.endSignIn.mutate({ id }).catch((error: unknown) => error);
  const unknown = await developer.members.endSignIn.mutate({ id: 'nobody' }).catch((error: unknown) => error);
  expect([refused, unknown].map(String)).toEqual([String(unknown), String(unknown)]);
  expect(refused).toMatchObject({ data: { httpStatus: 404 } });
  await expect(developer.members.endAllSignIns.mutate({ memberId: victim.id })).rejects.toMatchObject({
    data: { httpStatus: 403 },
  });
  const user = connect(host);
  await expect(user.members.listSignIns.query({ id: victim.id })).rejects.toMatchObject({
    data: { httpStatus: 403 },
  });
  expect((await connect(host, victim.token).me.get.query()).id).toBe(victim.id);
});

test('security 26: signing in again gives a new cookie, and the one before is over', async ({
  host,
  expect,
}) => {
  const { email, cookie } = await createMember(host, 'viewer', 'again@members.test');
  const again = await signIn(host, { email, cookie });
  expect(again.status).toBe(200);
  expect(cookiesOf(again)).not.toBe(cookie);
  expect((await host.fetch('/api/auth/token', { headers: { cookie } })).status).toBe(401);
  expect((await host.fetch('/api/auth/token', { headers: { cookie: cookiesOf(again) } })).status).toBe(200);
});

test('security 25: a cookie cannot be used from a foreign page, and no script can read it', async ({
  host,
  expect,
}) => {
  const { email, cookie } = await createMember(host, 'viewer', 'cookie@members.test');
  for (const path of ['/sign-out', '/change-password', '/two-factor/enable', '/update-user']) {
    const words = { password: PASSWORD, currentPassword: PASSWORD, newPassword: `${PASSWORD} 2` };
    const body = path === '/update-user' ? { name: 'x' } : words;
    const answer = await postAuth(host, { path, body, cookie, origin: 'https://evil.example.test' });
    expect([path, answer.status]).toEqual([path, 403]);
  }
  const signedIn = await signIn(host, { email });
  for (const line of signedIn.headers.getSetCookie())
    expect(line).toMatch(/; Path=\/; HttpOnly; SameSite=Lax/);
  expect(await signedIn.text()).not.toContain('"token"');
  const session = await host.fetch('/api/auth/get-session', { headers: { cookie } });
  expect(await session.text()).not.toContain('"token"');
});

test('security 19: no cookie and no user token stands in the database', async ({ host, expect }) => {
  const { cookie, token } = await createMember(host, 'viewer', 'dumped@members.test');
  const tables = await host.readRows("select name from sqlite_master where type = 'table'");
  const dump: string[] = [];
  for (const { name } of tables) {
    dump.push(JSON.stringify(await host.readRows(`select * from "${String(name)}"`)));
  }
  const value = decodeURIComponent(cookie.split('=').slice(1).join('='));
  expect(value.length).toBeGreaterThan(40);
  for (const secret of [value, token, PASSWORD]) expect(dump.join('\n')).not.toContain(secret);
});

test('the account library serves the listed routes alone, spelled as they are', async ({ host, expect }) => {
  const { cookie } = await createMember(host, 'viewer', 'routes@members.test');
  for (const path of [
    '/list-sessions',
    '/revoke-sessions',
    '/sign-up/email',
    '/sign-in/social',
    '/request-password-reset',
    '/reset-password',
    '/delete-user',
    '/change-email',
    '/verify-email',
    '/update-session',
    '/two-factor/send-otp',
    '/jwks',
    '/error',
    '//sign-in/email',
    '/sign-in/email/',
    '/Sign-In/email',
    '/sign-in%2femail',
    '/./../auth2/token',
  ]) {
    for (const method of ['GET', 'POST']) {
      const init = method === 'POST' ? { body: '{}' } : {};
      const answer = await host.fetch(`/api/auth${path}`, {
        method,
        headers: { cookie, origin: OWN_ORIGIN, 'content-type': 'application/json' },
        ...init,
      });
      expect([path, method, answer.status]).toEqual([path, method, 404]);
    }
  }
});

test('a password has twelve characters, none of which are thrown away', async ({ host, expect }) => {
  const long = `${'long '.repeat(30)}end`;
  const { cookie, email } = await createMember(host, 'viewer', 'long@members.test');
  const change = (newPassword: string, currentPassword = PASSWORD) =>
    postAuth(host, { path: '/change-password', body: { newPassword, currentPassword }, cookie });
  for (const weak of ['short', 'aaaaaaaaaaaaaaaa', email, 'LongLongLong', 'password1234', 'x'.repeat(257)]) {
    const refused = await change(weak);
    expect([refused.status, await refused.json()]).toMatchObject([400, { param: 'password' }]);
  }
  expect((await change(long)).status).toBe(200);
  expect((await signIn(host, { email, password: long })).status).toBe(200);
  for (const near of [long.slice(0, -1), long.slice(0, 72), `${long}\u0000`, `${long}x`]) {
    expect((await signIn(host, { email, password: near })).status).toBe(401);
  }
});

test('hashes say their version and cost; the demo too', async ({ host, expect }) => {
  const rows = await host.readRows(
    'select a.password from accounts a join users u on u.id = a.user_id where u.email = ?1',
    [OPERATOR.email],
  );
  expect(rows[0]?.['password']).toMatch(/^\$pbkdf2-sha256\$v=1,i=100000,n=6\$[\w-]{22}\$[\w-]{43}$/);
});
