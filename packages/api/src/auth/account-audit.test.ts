import { createTestDatabase } from '@ephemera/db/testing';
import { test } from 'vitest';

import { createTestAuth, postAuth } from '../../test/auth.ts';
import type { Auth } from './create-auth.ts';

const OPERATOR = {
  email: 'op@demo.test',
  password: 'correct horse battery',
  name: 'Op',
  role: 'operator',
} as const;

function signIn(auth: Auth, password: string): Promise<Response> {
  return postAuth(auth, { path: '/sign-in/email', body: { email: OPERATOR.email, password } });
}

const REFUSE_ENTRIES = `create trigger refuse_entries before insert on audit_entries
  begin select raise(abort, 'no room'); end`;

test('what cannot be told to the audit is not done: password, name, second factor, sign-out, sign-in', async ({
  expect,
}) => {
  await using database = await createTestDatabase();
  const { auth } = createTestAuth(database);
  await auth.seedAccount(OPERATOR);
  const cookie = (await signIn(auth, OPERATOR.password)).headers.get('set-cookie')?.split(';')[0] ?? '';
  const tables = ['users', 'accounts', 'auth_sessions', 'two_factors'];
  const dump = () => Promise.all(tables.map((table) => database.read(`select * from ${table}`)));
  const before = await dump();
  await database.writeAll([{ sql: REFUSE_ENTRIES, args: [] }]);
  const { password } = OPERATOR;
  const newPassword = 'another correct horse';
  for (const { path, body } of [
    { path: '/change-password', body: { currentPassword: password, newPassword } },
    { path: '/update-user', body: { name: 'Somebody else' } },
    { path: '/two-factor/enable', body: { password } },
    { path: '/two-factor/disable', body: { password } },
    { path: '/sign-out', body: {} },
  ]) {
    await expect(postAuth(auth, { path, body, headers: { cookie } }), path).rejects.toThrow();
  }
  await expect(signIn(auth, password)).rejects.toThrow();
  expect(await dump()).toEqual(before);

  await database.writeAll([{ sql: 'drop trigger refuse_entries', args: [] }]);
  const body = { currentPassword: password, newPassword };
  expect((await postAuth(auth, { path: '/change-password', body, headers: { cookie } })).status).toBe(200);
  const wrong = await postAuth(auth, { path: '/change-password', body, headers: { cookie } });
  expect(wrong.status).toBe(400);
  const entries = await database.read('select action, result from audit_entries where seq > 1 order by seq');
  expect(entries.map((row) => `${String(row['action'])} ${String(row['result'])}`)).toEqual([
    'account.request ok',
    'account.change_password ok',
    'account.request ok',
    'account.change_password failed',
  ]);
});
