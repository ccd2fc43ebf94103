import { createTestDatabase } from '@ephemera/db/testing';
import { test } from 'vitest';

import { createTestVault, kekEntry, readKeys, storeKeys } from '../../test/stored-keys.ts';
import { checkKeyring } from './check-keyring.ts';

const OLD = createTestVault(kekEntry(1, 1));
const BOTH = createTestVault(kekEntry(1, 1), kekEntry(2, 2));

test('without stored keys any keyring will do, and none', async ({ expect }) => {
  await using database = await createTestDatabase();
  expect(await checkKeyring(database, OLD)).toEqual({ ok: true });
  expect(await checkKeyring(database, null)).toEqual({ ok: true });
});

test('a keyring fits while it opens a row of each version in use', async ({ expect }) => {
  await using database = await createTestDatabase();
  await storeKeys(database, OLD, ['pkey_1', 'pkey_2']);
  await storeKeys(database, BOTH, ['pkey_3']);
  expect(await checkKeyring(database, BOTH)).toEqual({ ok: true });
  // One damaged row is no wrong keyring.
  await database.write({
    sql: "update provider_keys set ciphertext = 'v1.damaged' where id = 'pkey_1'",
    args: [],
  });
  expect(await checkKeyring(database, BOTH)).toEqual({ ok: true });
});

test('it tells each version that is missing or of other material, and changes nothing', async ({
  expect,
}) => {
  await using database = await createTestDatabase();
  await storeKeys(database, OLD, ['pkey_1', 'pkey_2']);
  await storeKeys(database, BOTH, ['pkey_3']);
  const before = await readKeys(database);
  const missing = { code: 'unknown_version' } as const;
  const [first, second] = [
    { version: 1, rows: 2 },
    { version: 2, rows: 1 },
  ];
  expect(await checkKeyring(database, OLD)).toEqual({ ok: false, problems: [{ ...second, ...missing }] });
  expect(await checkKeyring(database, null)).toEqual({
    ok: false,
    problems: [
      { ...first, ...missing },
      { ...second, ...missing },
    ],
  });
  const wrong = createTestVault(kekEntry(1, 9), kekEntry(2, 2));
  expect(await checkKeyring(database, wrong)).toEqual({
    ok: false,
    problems: [{ ...first, code: 'does_not_open' }],
  });
  expect(await readKeys(database)).toEqual(before);
});

test('rows that were found damaged are no reason to doubt the keyring, also when their version has left it', async ({
  expect,
}) => {
  await using database = await createTestDatabase();
  await storeKeys(database, OLD, ['pkey_1']);
  await storeKeys(database, BOTH, ['pkey_2']);
  await database.write({
    sql: "update provider_keys set state = 'quarantined', state_reason = 'damaged' where id = 'pkey_1'",
    args: [],
  });

  expect(await checkKeyring(database, createTestVault(kekEntry(2, 2)))).toEqual({ ok: true });
  expect(await checkKeyring(database, createTestVault(kekEntry(1, 9), kekEntry(2, 2)))).toEqual({ ok: true });
});

test('a lone row whose data key opens, or that is no ciphertext, is damaged under a keyring that fits', async ({
  expect,
}) => {
  await using database = await createTestDatabase();
  await storeKeys(database, OLD, ['pkey_1']);
  const [stored] = await readKeys(database);
  const parts = stored?.ciphertext.split('.') ?? [];
  const cut = [...parts.slice(0, 5), parts[5]?.slice(0, 24)].join('.');
  for (const ciphertext of [cut, 'v1.damaged', stored?.ciphertext.replace('v1.1.', 'v1.7.') ?? '']) {
    await database.write({ sql: 'update provider_keys set ciphertext = ?1', args: [ciphertext] });
    expect(await checkKeyring(database, OLD), ciphertext).toEqual({ ok: true });
  }
});
