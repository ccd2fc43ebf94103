import { test as base } from 'vitest';

import type { TestApi } from '../../../test/fixtures.ts';
import { ADA, createTestApi, NOBODY, OPERATOR } from '../../../test/fixtures.ts';
import type { Actor, OperatorActor } from '../../context.ts';
import { createMember } from './create.ts';
import type { CreateMemberInput } from './create.ts';
import { listMembers } from './list.ts';
import { setMemberPassword } from './set-password.ts';
import { updateMember } from './update.ts';

const OWNER: OperatorActor = { ...OPERATOR, id: 'user-owner', role: 'owner' };
const VIEWER: OperatorActor = { ...OPERATOR, id: 'user-view', role: 'viewer' };
const INPUT: CreateMemberInput = {
  name: 'Vera',
  email: 'Vera@Demo.test',
  role: 'owner',
  password: 'a good long password',
};

const test = base.extend<{ api: TestApi }>({
  // oxlint-disable-next-line no-empty-pattern -- because vitest reads the fixtures a fixture needs from its pattern
  api: async ({}, use) => {
    await using api = await createTestApi();
    await use(api);
  },
});

async function create(api: TestApi, input: Partial<CreateMemberInput> = {}) {
  return (await createMember(api.as(OWNER), { ...INPUT, ...input })).member;
}

async function signIn(api: TestApi, userId: string, id: string): Promise<void> {
  await api.database.write({
    sql: `insert into auth_sessions (id, expires_at, token, created_at, updated_at, user_id)
      values (?1, ?2, ?1, 0, 0, ?3)`,
    args: [id, api.clock.now() + 1_000, userId],
  });
}

async function countOwners(api: TestApi): Promise<number> {
  const rows = await api.database.read("select id from users where role = 'owner' and disabled_at is null");
  return rows.length;
}

test('a member is made once for an address, however it is spelled, and audited without the password', async ({
  api,
  expect,
}) => {
  const member = await create(api);
  expect(member).toMatchObject({
    id: expect.stringMatching(/^usr_/),
    email: 'vera@demo.test',
    role: 'owner',
    twoFactorEnabled: false,
    disabledAt: null,
    lastSignInAt: null,
    isSelf: false,
  });
  for (const email of ['vera@demo.test', ' VERA@demo.test', 'ｖera@demo.test']) {
    await expect(create(api, { email })).rejects.toMatchObject({ code: 'conflict' });
  }
  const audit = await api.database.read('select * from audit_entries');
  expect(audit).toMatchObject([{ action: 'member.create', target: member.id, actor_id: OWNER.id }]);
  expect(JSON.stringify(audit)).not.toContain(INPUT.password);
  expect((await api.database.read('select id from accounts')).length).toBe(1);
});

test('of twenty who make the same member at once one does', async ({ api, expect }) => {
  const made = await Promise.allSettled(Array.from({ length: 20 }, () => create(api)));
  expect(made.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  expect(await api.database.read("select id from audit_entries where action = 'member.create'")).toHaveLength(
    1,
  );
});

test('security 62: the last owner cannot be demoted or disabled, by anybody', async ({ api, expect }) => {
  const { id } = await create(api);
  for (const change of [
    { role: 'viewer' },
    { isDisabled: true },
    { role: 'user', isDisabled: true },
  ] as const) {
    await expect(updateMember(api.as(OWNER), { id, ...change })).rejects.toMatchObject({ code: 'conflict' });
  }
  expect(await countOwners(api)).toBe(1);
  const { member } = await updateMember(api.as(OWNER), { id, name: 'Vera the first', isDisabled: false });
  expect(member).toMatchObject({ name: 'Vera the first', role: 'owner' });
  const other = await create(api, { email: 'other@demo.test' });
  await updateMember(api.as(OWNER), { id: other.id, isDisabled: true });
  await expect(updateMember(api.as(OWNER), { id, role: 'viewer' })).rejects.toMatchObject({
    code: 'conflict',
  });
});

test('security 62: of two owners who are demoted at once one remains', async ({ api, expect }) => {
  const first = await create(api);
  const second = await create(api, { email: 'second@demo.test' });
  const changes = await Promise.allSettled(
    [first, second].map(({ id }) => updateMember(api.as(OWNER), { id, role: 'viewer' })),
  );
  expect(changes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  expect(await countOwners(api)).toBe(1);
  expect(await api.database.read("select id from audit_entries where action = 'member.update'")).toHaveLength(
    1,
  );
});

test('who is disabled is signed out, and may come back without their old sign-ins', async ({
  api,
  expect,
}) => {
  const { id } = await create(api, { role: 'developer' });
  await signIn(api, id, 's1');
  const { member } = await updateMember(api.as(OWNER), { id, isDisabled: true });
  expect(member.disabledAt).toBe(new Date(api.clock.now()).toISOString());
  expect(await api.database.read('select id from auth_sessions')).toEqual([]);
  expect((await updateMember(api.as(OWNER), { id, isDisabled: false })).member.disabledAt).toBeNull();
});

test('a new password ends the sign-ins that the old one opened', async ({ api, expect }) => {
  const { id } = await create(api, { role: 'developer' });
  await signIn(api, id, 's1');
  const before = await api.database.read('select password from accounts');
  await expect(setMemberPassword(api.as(OWNER), { id, password: 'short' })).rejects.toMatchObject({
    details: { param: 'password' },
  });
  await setMemberPassword(api.as(OWNER), { id, password: 'another good password' });
  expect(await api.database.read('select password from accounts')).not.toEqual(before);
  expect(await api.database.read('select id from auth_sessions')).toEqual([]);
});

test('an own new password leaves the browser signed in that set it', async ({ api, expect }) => {
  const { id } = await create(api);
  await signIn(api, id, 's1');
  await signIn(api, id, 's2');
  const self: OperatorActor = { ...OWNER, id, signInId: 's1' };
  await setMemberPassword(api.as(self), { id, password: 'another good password' });
  expect(await api.database.read('select id from auth_sessions')).toEqual([{ id: 's1' }]);
  expect((await listMembers(api.as(self))).items).toMatchObject([{ id, isSelf: true }]);
});

const WRITES = {
  create: (api: TestApi, actor: Actor) => createMember(api.as(actor), INPUT),
  update: (api: TestApi, actor: Actor) => updateMember(api.as(actor), { id: 'x', role: 'owner' }),
  setPassword: (api: TestApi, actor: Actor) =>
    setMemberPassword(api.as(actor), { id: 'x', password: INPUT.password }),
};

for (const [name, call] of Object.entries(WRITES)) {
  test(`${name} is for owners, and writes nothing for anybody else`, async ({ api, expect }) => {
    for (const actor of [OPERATOR, VIEWER, ADA]) {
      await expect(call(api, actor)).rejects.toMatchObject({ code: 'forbidden' });
    }
    await expect(call(api, NOBODY)).rejects.toMatchObject({ code: 'unauthenticated' });
    expect(await api.database.read('select id from users')).toEqual([]);
    expect(await api.database.read('select id from audit_entries')).toEqual([]);
  });
}

test('an unknown member is not found, and leaves no entry', async ({ api, expect }) => {
  await expect(WRITES.update(api, OWNER)).rejects.toMatchObject({ code: 'not_found' });
  await expect(WRITES.setPassword(api, OWNER)).rejects.toMatchObject({ code: 'not_found' });
  expect(await api.database.read('select id from audit_entries')).toEqual([]);
});
