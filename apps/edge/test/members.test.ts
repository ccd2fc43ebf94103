import type { TestHost } from './support/host.ts';
import { test } from './support/host-test.ts';
import { createMember, PASSWORD, signInAs } from './support/members.ts';
import { connect, connectOperator } from './support/trpc.ts';

const REAUTHENTICATION = { data: { appCode: 'reauthentication_required', httpStatus: 403 } };

/** As if the sign-ins of this account were an hour old. */
async function ageSignIns(host: TestHost, userId: string): Promise<void> {
  await host.readRows(
    'update auth_sessions set created_at = created_at - 3600000 where user_id = ?1 returning id',
    [userId],
  );
}

test('security 62: what gives out access needs a recent sign-in, which signing in again is', async ({
  host,
  expect,
}) => {
  const { id, token, email } = await createMember(host, 'owner', 'stale@members.test');
  await ageSignIns(host, id);
  const stale = connect(host, token);
  expect((await stale.members.list.query()).items.length).toBeGreaterThan(1);
  const member = { name: 'New', email: 'new@members.test', role: 'viewer', password: PASSWORD } as const;
  const key = { name: 'K', environment: 'live', scopes: ['tokens:mint'] } as const;
  const secret = 'sk-CANARY-never-stored-0123456789abcdef012345';
  for (const attempt of [
    () => stale.members.create.mutate(member),
    () => stale.members.update.mutate({ id, role: 'viewer' }),
    () => stale.members.setPassword.mutate({ id, password: PASSWORD }),
    () => stale.accessKeys.create.mutate({ ...key, scopes: [...key.scopes] }),
    () => stale.accessKeys.rotate.mutate({ id: 'key_x', graceSeconds: 0 }),
    () => stale.keys.add.mutate({ provider: 'openai', name: 'K', key: secret }),
    () => stale.keys.rotate.mutate({ id: 'pkey_x', key: secret, overlapSeconds: 0 }),
  ]) {
    await expect(attempt()).rejects.toMatchObject(REAUTHENTICATION);
  }
  expect(await host.readRows("select id from users where email = 'new@members.test'")).toEqual([]);
  const fresh = connect(host, (await signInAs(host, email)).token);
  expect((await fresh.members.create.mutate(member)).member).toMatchObject({ role: 'viewer' });
});

test('security 62: the last owner stays one, over HTTP too', async ({ host, expect }) => {
  const owner = await connectOperator(host);
  const { items } = await owner.members.list.query();
  const owners = items.filter(({ role, disabledAt }) => role === 'owner' && disabledAt === null);
  const last = owners.find(({ isSelf }) => isSelf);
  for (const { id } of owners.filter(({ isSelf }) => !isSelf)) {
    await owner.members.update.mutate({ id, role: 'viewer' });
  }
  const id = last?.id ?? '';
  for (const change of [{ role: 'operator' as const }, { isDisabled: true }]) {
    await expect(owner.members.update.mutate({ id, ...change })).rejects.toMatchObject({
      data: { appCode: 'conflict', httpStatus: 409 },
    });
  }
});

test('security 14: a changed role and a disabled account count with the next request', async ({
  host,
  expect,
}) => {
  const owner = await connectOperator(host);
  const { id, token, cookie } = await createMember(host, 'operator', 'changed@members.test');
  const member = connect(host, token);
  expect((await member.keys.list.query({})).items.length).toBeGreaterThanOrEqual(0);
  await owner.members.update.mutate({ id, role: 'viewer' });
  await expect(member.keys.rewrap.mutate()).rejects.toMatchObject({ data: { httpStatus: 403 } });
  await owner.members.update.mutate({ id, isDisabled: true });
  await expect(member.me.get.query()).rejects.toMatchObject({ data: { httpStatus: 401 } });
  expect((await host.fetch('/api/auth/token', { headers: { cookie } })).status).toBe(401);
});

test('nobody is given a password that is tried first', async ({ host, expect }) => {
  const owner = await connectOperator(host);
  const { id, email } = await createMember(host, 'viewer', 'guessed@members.test');
  const member = { name: 'New', email: 'weak-one@members.test', role: 'viewer' } as const;
  for (const attempt of [
    () => owner.members.create.mutate({ ...member, password: 'Password1234' }),
    () => owner.members.create.mutate({ ...member, password: member.email }),
    () => owner.members.setPassword.mutate({ id, password: 'qwertyuiop123' }),
    () => owner.members.setPassword.mutate({ id, password: email }),
  ]) {
    await expect(attempt()).rejects.toMatchObject({
      message: expect.stringContaining('This password is'),
      data: { appCode: 'invalid_request', httpStatus: 400 },
    });
  }
});

test('the list says who signed in when, and whose second factor is set up; never a hash or a secret', async ({
  host,
  expect,
}) => {
  const { id } = await createMember(host, 'viewer', 'listed@members.test');
  const { items } = await (await connectOperator(host)).members.list.query();
  expect(items.find((it) => it.id === id)).toMatchObject({
    email: 'listed@members.test',
    twoFactorEnabled: false,
    lastSignInAt: expect.stringMatching(/^20/),
  });
  expect(JSON.stringify(items)).not.toMatch(/pbkdf2|password|secret/i);
});

const EXTRA = {
  role: 'owner',
  isAdmin: true,
  userId: 'somebody',
  budget: 1e9,
  createdAt: 0,
};

test('security 60: what nobody may set is refused or ignored in every write', async ({ host, expect }) => {
  const { token, id, cookie } = await createMember(host, 'developer', 'mass@members.test');
  const before = await host.readRows(
    'select id, email, role, two_factor_enabled, disabled_at, created_at from users order by id',
  );
  const authorization = `Bearer ${token}`;
  const json = { authorization, 'content-type': 'application/json' };
  const bodies = [
    JSON.stringify(EXTRA),
    '{"__proto__":{"role":"owner"},"constructor":{"prototype":{"role":"owner"}}}',
  ];
  for (const body of bodies) {
    for (const path of ['tokens.create', 'members.listSignIns', 'accessKeys.create', 'sessions.end']) {
      const method = path === 'members.listSignIns' ? 'GET' : 'POST';
      const query = method === 'GET' ? `?input=${encodeURIComponent(body)}` : '';
      const answer = await host.fetch(`/trpc/${path}${query}`, {
        method,
        headers: json,
        ...(method === 'POST' ? { body } : {}),
      });
      expect([path, answer.status]).toEqual([path, 400]);
    }
  }
  for (const update of [
    { role: 'owner' },
    { name: 'M', role: 'owner' },
    { name: 'M', twoFactorEnabled: true },
  ]) {
    const headers = { cookie, origin: 'http://127.0.0.1:8787' };
    await host.post('/api/auth/update-user', update, { token: null, headers });
  }
  const after = await host.readRows(
    'select id, email, role, two_factor_enabled, disabled_at, created_at from users order by id',
  );
  expect(after).toEqual(before);
  expect(after.find((row) => row['id'] === id)?.['role']).toBe('developer');
  expect(Object.hasOwn(Object.prototype, 'role')).toBe(false);
});
