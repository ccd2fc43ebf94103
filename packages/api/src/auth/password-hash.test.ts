import { hashPassword as hashLegacy } from 'better-auth/crypto';
import { createTestDatabase } from '@ephemera/db/testing';
import { test } from 'vitest';

import { createTestClock } from '../../test/fixtures.ts';
import { storeUser } from '../../test/tokens.ts';
import { checkPassword, HASH_COST, hashPassword } from './password-hash.ts';
import { canonicalizeEmail, createPasswords, requireGoodPassword } from './passwords.ts';

const CHEAP = { iterations: 1_000, passes: 2 };
const LONG = 'a long password, '.repeat(10);

test('security 23: 600 000 iterations of PBKDF2-SHA256 or more, in calls that Workers allow', ({
  expect,
}) => {
  expect(HASH_COST.iterations * HASH_COST.passes).toBeGreaterThanOrEqual(600_000);
  expect(HASH_COST.iterations).toBeLessThanOrEqual(100_000);
});

test('a hash has its own salt, its version and its cost', async ({ expect }) => {
  const [one, other] = await Promise.all([hashPassword(LONG, CHEAP), hashPassword(LONG, CHEAP)]);
  expect(one).not.toBe(other);
  expect(one).toMatch(/^\$pbkdf2-sha256\$v=1,i=1000,n=2\$/);
  expect(await checkPassword(one, LONG, CHEAP)).toEqual({ isRight: true, isOutdated: false });
  expect(await checkPassword(one, LONG, HASH_COST)).toEqual({ isRight: true, isOutdated: true });
});

test('security 23: nothing is cut off and a NUL ends nothing; one spelling of a letter is another one', async ({
  expect,
}) => {
  const hash = await hashPassword(LONG, CHEAP);
  const isRight = async (password: string) => (await checkPassword(hash, password, CHEAP)).isRight;
  for (const near of [
    LONG.slice(0, 72),
    LONG.slice(0, -1),
    `${LONG}\u0000`,
    `${LONG}x`,
    `\u0000${LONG}`,
    '',
  ]) {
    expect(await isRight(near)).toBe(false);
  }
  const accented = await hashPassword('caf\u00E9 au lait 1', CHEAP);
  expect((await checkPassword(accented, 'cafe\u0301 au lait 1', CHEAP)).isRight).toBe(true);
  const short = await hashPassword('twelve chars', CHEAP);
  expect((await checkPassword(short, 'twelve chars\u0000', CHEAP)).isRight).toBe(false);
});

test('what is no hash is no password, and changing any part of one makes it worthless', async ({
  expect,
}) => {
  const hash = await hashPassword(LONG, CHEAP);
  for (const broken of [
    '',
    'x',
    hash.replace('i=1000', 'i=1001'),
    hash.replace('n=2', 'n=1'),
    hash.slice(0, -2),
    hash.replace(/\$[\w-]{22}\$/, '$AAAAAAAAAAAAAAAAAAAAAA$'),
  ]) {
    expect((await checkPassword(broken, LONG, CHEAP)).isRight).toBe(false);
  }
});

test('a hash of the library from before is accepted once more and then replaced', async ({ expect }) => {
  await using database = await createTestDatabase();
  await storeUser(database, 'user-ada');
  const legacy = await hashLegacy(LONG);
  await database.write({
    sql: `insert into accounts (id, account_id, provider_id, user_id, password, created_at, updated_at)
      values ('a', 'user-ada', 'credential', 'user-ada', ?1, 0, 0)`,
    args: [legacy],
  });
  const passwords = createPasswords({ database, clock: createTestClock(), cost: CHEAP });
  const stored = async (): Promise<string> => {
    const [row] = await database.read('select password from accounts');
    return String(row?.['password']);
  };
  expect(await passwords.verify({ hash: legacy, password: 'wrong' })).toBe(false);
  expect(await stored()).toBe(legacy);
  expect(await passwords.verify({ hash: legacy, password: LONG })).toBe(true);
  expect(await stored()).toMatch(/^\$pbkdf2-sha256\$/);
  expect(await passwords.verify({ hash: await stored(), password: LONG })).toBe(true);
});

test('one spelling for each address', ({ expect }) => {
  for (const variant of ['Ada@Demo.Test', ' ada@demo.test ', 'ａda@demo.test', 'ADA@DEMO.TEST']) {
    expect(canonicalizeEmail(variant)).toBe('ada@demo.test');
  }
});

test('passwords that are easy to guess are refused with a reason', ({ expect }) => {
  const email = 'somebody@demo.test';
  for (const weak of [
    'eleven char',
    'x'.repeat(257),
    'abababababababab',
    'Somebody@Demo.test',
    ' somebody@demo.test ',
    'somebodySomebody',
    'Somebody - somebody!',
    'password1234',
    'PassWord1234',
    'Password1234!',
    'ｐassword1234',
    '1qaz2wsx3edc',
    'qwertyuiop123',
  ]) {
    expect(() => {
      requireGoodPassword(weak, { email });
    }).toThrow(expect.objectContaining({ code: 'invalid_request', details: { param: 'password' } }));
  }
  for (const good of ['a good long password', 'somebody reads long books', 'password of a door long gone']) {
    requireGoodPassword(good, { email });
  }
  requireGoodPassword('al al al al al 12', { email: 'al@demo.test' });
});
