import { test } from 'vitest';

import { createTestLogger, KEYRING } from '../../test/fixtures.ts';
import { createVault } from '../vault/create-vault.ts';
import { parseKeyring } from '../vault/keyring.ts';
import { createKeyFingerprint } from './key-fingerprint.ts';
import type { EnvironmentKey, KeySecretRow } from './key-secrets.ts';
import { createKeySecrets, listBroken } from './key-secrets.ts';

const SECRET = 'sk-CANARY-aaaaaaaaaaaaaaaaaaaa';
const NEWER = `2:${Buffer.alloc(32, 8).toString('base64')}`;
const fingerprint = createKeyFingerprint('a secret of the tests, long enough');

async function seal(keyring: string, id = 'pkey_a'): Promise<KeySecretRow> {
  const vault = createVault({ keyring: parseKeyring(keyring) });
  const sealed = await vault.seal({ id, provider: 'openai', secret: SECRET });
  return { id, provider: 'openai', fingerprint: await fingerprint('openai', SECRET), ...sealed };
}

function createSecrets(keyring: string | null, environmentKeys: readonly EnvironmentKey[] = []) {
  const logger = createTestLogger();
  const vault = keyring === null ? null : createVault({ keyring: parseKeyring(keyring) });
  return { logger, ...createKeySecrets({ vault, environmentKeys, fingerprint, logger }) };
}

test('a row opens to its key, and the environment’s own needs no keyring', async ({ expect }) => {
  const row = await seal(KEYRING);
  expect(await createSecrets(KEYRING).open(row)).toEqual({ kind: 'open', secret: SECRET });
  expect(await createSecrets(null).open(row)).toEqual({ kind: 'locked' });
  const { open } = createSecrets(null, [{ provider: 'openai', secret: SECRET }]);
  for (const it of [row, { ...row, ciphertext: null, kekVersion: null }])
    expect(await open(it)).toEqual({ kind: 'open', secret: SECRET });
  expect(await open({ ...row, ciphertext: null, fingerprint: 'another' })).toEqual({ kind: 'missing' });
  expect(await open({ ...row, ciphertext: null, provider: 'gemini' })).toEqual({ kind: 'missing' });
});

test('a ciphertext that does not open is judged and told of once, and a changed one anew', async ({
  expect,
}) => {
  const row = await seal(KEYRING);
  // Its last byte: with half a byte more it would be no ciphertext at all, or, once in sixteen times, still one.
  const cut = { ...row, ciphertext: row.ciphertext?.slice(0, -2) ?? null };
  const { open, logger } = createSecrets(KEYRING);
  for (let index = 0; index < 3; index += 1)
    expect(await open(cut)).toEqual({ kind: 'damaged', isCertain: true });
  expect(logger.lines).toEqual([
    {
      level: 'error',
      event: 'provider_key.does_not_open',
      fields: { keyId: 'pkey_a', code: 'damaged', version: 1 },
    },
  ]);
  expect(await open(row)).toEqual({ kind: 'open', secret: SECRET });
});

test('a key that another process wrapped under a version unknown here stays usable', async ({ expect }) => {
  const { open } = createSecrets(KEYRING);
  const rewrapped = await seal(NEWER);
  expect(await open(await seal(KEYRING))).toMatchObject({ kind: 'open' });
  expect(await open(rewrapped)).toEqual({ kind: 'open', secret: SECRET });
  expect(await createSecrets(KEYRING).open(rewrapped)).toEqual({ kind: 'locked' });
});

test('a row is broken where others of its version open, or it can only be the row', ({ expect }) => {
  const open = { kind: 'open', secret: SECRET } as const;
  const maybe = { kind: 'damaged', isCertain: false } as const;
  const certain = { kind: 'damaged', isCertain: true } as const;
  const [one, two] = [{ kekVersion: 1 }, { kekVersion: 2 }];
  expect(
    listBroken([
      { row: one, opened: maybe },
      { row: two, opened: open },
    ]),
  ).toEqual([]);
  expect(
    listBroken([
      { row: one, opened: maybe },
      { row: one, opened: open },
    ]),
  ).toEqual([one]);
  expect(
    listBroken([
      { row: two, opened: certain },
      { row: one, opened: { kind: 'locked' } },
    ]),
  ).toEqual([two]);
});
