import { createPrivateKey, createPublicKey, generateKeyPairSync } from 'node:crypto';

import { expect, test } from 'vitest';

import { generateNodeKeys, importNodeKeys } from '../src/nodes/node-keys.ts';
import { catchError } from './support/set-up.ts';

function exportPrivate(type: 'rsa' | 'rsa-pss' | 'ec', modulusLength = 2_048): string {
  const { privateKey } =
    type === 'ec'
      ? generateKeyPairSync('ec', { namedCurve: 'P-256' })
      : type === 'rsa'
        ? generateKeyPairSync('rsa', { modulusLength })
        : generateKeyPairSync('rsa-pss', { modulusLength });
  return privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
}

test('a new key has 3072 bits, is PKCS #8 and comes back as the same one', async () => {
  const { keys, privateKeyPem } = await generateNodeKeys();
  expect(createPrivateKey(privateKeyPem).asymmetricKeyDetails).toEqual({
    modulusLength: 3_072,
    publicExponent: 65_537n,
  });
  expect(createPublicKey(privateKeyPem).export({ type: 'spki', format: 'pem' })).toBe(keys.publicKeyPem);
  expect((await importNodeKeys(privateKeyPem)).publicKeyPem).toBe(keys.publicKeyPem);
});

test('what is held cannot be exported', async () => {
  const { keys } = await generateNodeKeys({ bits: 2_048 });
  expect([keys.signingKey.extractable, keys.decryptionKey.extractable]).toEqual([false, false]);
});

test('a key as other tools write it is taken', async () => {
  const pem = exportPrivate('rsa').replaceAll('\n', '\r\n');
  expect((await importNodeKeys(`\n${pem}\n`)).publicKeyPem).toMatch(/^-----BEGIN PUBLIC KEY-----\n/);
});

const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2_048 });

test.each([
  ['an EC key', () => exportPrivate('ec')],
  ['a key of 1024 bits', () => exportPrivate('rsa', 1_024)],
  ['a public key', () => createPublicKey(privateKey).export({ type: 'spki', format: 'pem' }).toString()],
  ['PKCS #1', () => privateKey.export({ type: 'pkcs1', format: 'pem' }).toString()],
  [
    'one with a password',
    () =>
      privateKey.export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'x' }).toString(),
  ],
  ['half of one', () => exportPrivate('rsa').slice(0, 900)],
  ['something in a frame', () => '-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n'],
  ['nothing', () => ''],
])('%s is refused, and not quoted', async (_name, make) => {
  const pem = make();
  const error = await catchError(importNodeKeys(pem));
  expect(error).toMatchObject({ name: 'NodeClientError', code: 'invalid_key' });
  expect(String(error)).not.toContain(pem.split('\n')[1] || 'never');
});

test.each([1_024, 2_047, 4_097, 2_050.5, Number.NaN])('a size of %d bits is refused', async (bits) => {
  expect(await catchError(generateNodeKeys({ bits }))).toMatchObject({ code: 'invalid_key' });
});
