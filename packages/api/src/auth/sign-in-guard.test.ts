import { createTestDatabase } from '@ephemera/db/testing';
import type { TestDatabase } from '@ephemera/db/testing';
import { test } from 'vitest';

import { createTestClock } from '../../test/fixtures.ts';
import { storeUser } from '../../test/tokens.ts';
import { createPseudonyms } from '../pseudonyms.ts';
import { createSignInGuard, SIGN_IN_LIMITS } from './sign-in-guard.ts';

const ACCOUNT = 'user-ada@demo.test';
const PREFIX = '192.0.2.0/24';

function setUp(database: TestDatabase) {
  const clock = createTestClock();
  const pseudonyms = createPseudonyms('a secret of the tests, long enough');
  const create = () => createSignInGuard({ database, clock, pseudonyms });
  return { clock, create };
}

function from(subject: string, account: string | null = ACCOUNT) {
  return { account, subject, ipPrefix: PREFIX };
}

test('security 22, 79: tries over two processes, in parallel and over a restart are counted each', async ({
  expect,
}) => {
  await using database = await createTestDatabase();
  const { create } = setUp(database);
  const guards = [create(), create()];
  const counted = await Promise.all(
    Array.from({ length: 50 }, async (_, index) => await guards[index % 2]?.count(from('192.0.2.7'))),
  );
  expect(counted.filter((it) => it?.isLocked === false)).toHaveLength(SIGN_IN_LIMITS.sign_in_pair);
  expect(counted.filter((it) => it?.lockedBy === 'sign_in_pair')).toHaveLength(1);
  const [row] = await database.read("select count from rate_windows where scope = 'sign_in_pair'");
  expect(row).toEqual({ count: 50 });
  expect((await create().count(from('192.0.2.7'))).isLocked).toBe(true);
  expect((await create().count(from('198.51.100.1'))).isLocked).toBe(false);
});

test('a lock ends with its quarter of an hour, which it says', async ({ expect }) => {
  await using database = await createTestDatabase();
  const { clock, create } = setUp(database);
  const guard = create();
  for (let tries = 0; tries < 11; tries += 1) await guard.count(from('192.0.2.7'));
  const locked = await guard.count(from('192.0.2.7'));
  expect(locked).toMatchObject({ isLocked: true, retryAfterSeconds: 900 });
  clock.advance(locked.retryAfterSeconds * 1_000);
  expect((await guard.count(from('192.0.2.7'))).isLocked).toBe(false);
});

test('one address that tries many accounts is locked for all of them', async ({ expect }) => {
  await using database = await createTestDatabase();
  const guard = setUp(database).create();
  const attempts = Array.from({ length: 51 }, (_, index) =>
    guard.count(from('192.0.2.7', `a${index}@x.test`)),
  );
  expect((await Promise.all(attempts)).filter(({ isLocked }) => isLocked)).toHaveLength(1);
  expect((await guard.count(from('192.0.2.7', null))).isLocked).toBe(true);
});

test('many addresses that try one account lock it for strangers, not where its owner has been', async ({
  expect,
}) => {
  await using database = await createTestDatabase();
  const { clock, create } = setUp(database);
  const guard = create();
  await storeUser(database, 'user-ada');
  await database.write({
    sql: `insert into auth_sessions (id, expires_at, token, created_at, updated_at, ip_address, user_id)
      values ('s', ?1, 't', ?1, ?1, ?2, 'user-ada')`,
    args: [clock.now(), PREFIX],
  });
  for (let index = 0; index < 100; index += 1) await guard.count(from(`203.0.113.${index}`));
  const stranger = { ...from('198.51.100.1'), ipPrefix: '198.51.100.0/24' };
  expect(await guard.count(stranger)).toMatchObject({ isLocked: true });
  expect(await guard.count(from('192.0.2.9'))).toMatchObject({ isLocked: false });
});

test('a right password takes its count back, and the wrong ones of its pair', async ({ expect }) => {
  await using database = await createTestDatabase();
  const guard = setUp(database).create();
  for (let tries = 0; tries < 5; tries += 1) await guard.count(from('192.0.2.7'));
  const { forgive } = await guard.count(from('192.0.2.7'));
  await database.writeAll(forgive);
  const rows = await database.read('select scope, count from rate_windows order by scope');
  expect(rows).toEqual([
    { scope: 'sign_in_account', count: 5 },
    { scope: 'sign_in_address', count: 5 },
  ]);
});
