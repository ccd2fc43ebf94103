import { test } from 'vitest';

import { toBase64Url } from './base64.ts';
import { createVault } from './create-vault.ts';
import type { Vault, VaultOptions } from './create-vault.ts';
import { parseKeyring } from './keyring.ts';
import { VaultError } from './vault-error.ts';

/** A key-encryption key of one repeated byte, as KEYRING writes it. */
const kek = (version: number, byte: number): string =>
  `${version}:${Buffer.alloc(32, byte).toString('base64')}`;
const vaultOf = (keyring: string, options: Partial<VaultOptions> = {}): Vault =>
  createVault({ keyring: parseKeyring(keyring), ...options });

const ONE = kek(1, 0xa1);
const TWO = kek(2, 0xb2);
const SECRET = 'sk-CANARY-vault-0123456789abcdef';
const ROW = { id: 'pkey_1', provider: 'openai' };

const findError = async (work: Promise<unknown>): Promise<unknown> =>
  await work.then(
    () => null,
    (error: unknown) => error,
  );

test('what was sealed opens, of any length and alphabet', async ({ expect }) => {
  const vault = vaultOf(ONE);
  for (const secret of ['', 'k', SECRET, '\u{FEFF}mark', 'clé-🔑', 'x'.repeat(100_000)]) {
    const { ciphertext, kekVersion } = await vault.seal({ ...ROW, secret });
    expect(kekVersion).toBe(1);
    expect(ciphertext).toMatch(/^v1\.1(?:\.[\w-]+){4}$/);
    expect(await vault.open({ ...ROW, ciphertext })).toBe(secret);
  }
});

test('a ciphertext opens in no other row and for no other provider', async ({ expect }) => {
  const vault = vaultOf(ONE);
  const { ciphertext } = await vault.seal({ ...ROW, secret: SECRET });
  const moved = [
    { ...ROW, id: 'pkey_2' },
    { ...ROW, provider: 'gemini' },
    // Together the same letters: the border between the two counts.
    { id: 'pkey_1o', provider: 'penai' },
  ];
  for (const row of moved) {
    expect(await findError(vault.open({ ...row, ciphertext }))).toMatchObject({ code: 'damaged' });
    expect(await findError(vault.rewrap({ ...row, ciphertext }))).toMatchObject({ code: 'damaged' });
  }
});

test('the parts of two ciphertexts of one row cannot be mixed', async ({ expect }) => {
  const vault = vaultOf(ONE);
  const [one, other] = await Promise.all([
    vault.seal({ ...ROW, secret: SECRET }),
    vault.seal({ ...ROW, secret: 'another' }),
  ]);
  const [head, tail] = [one.ciphertext.split('.').slice(0, 4), other.ciphertext.split('.').slice(4)];
  const ciphertext = [...head, ...tail].join('.');
  expect(await findError(vault.open({ ...ROW, ciphertext }))).toMatchObject({ code: 'damaged' });
});

test('the secret itself is bound to its row, should two rows ever share a data key', async ({ expect }) => {
  const vault = vaultOf(ONE, { randomBytes: (length) => new Uint8Array(length).fill(7) });
  const { ciphertext } = await vault.seal({ ...ROW, secret: SECRET });
  for (const row of [
    { ...ROW, id: 'pkey_2' },
    { ...ROW, provider: 'gemini' },
    { id: 'pkey_1o', provider: 'penai' },
  ]) {
    const own = await vault.seal({ ...row, secret: 'another' });
    const mixed = [...own.ciphertext.split('.').slice(0, 4), ...ciphertext.split('.').slice(4)].join('.');
    expect(await vault.open({ ...row, ciphertext: own.ciphertext })).toBe('another');
    expect(await findError(vault.open({ ...row, ciphertext: mixed }))).toMatchObject({ code: 'damaged' });
  }
});

test('cut anywhere it does not open', async ({ expect }) => {
  const vault = vaultOf(ONE);
  const { ciphertext } = await vault.seal({ ...ROW, secret: SECRET });
  for (let length = 0; length < ciphertext.length; length += 1) {
    const error = await findError(vault.open({ ...ROW, ciphertext: ciphertext.slice(0, length) }));
    expect(error, String(length)).toBeInstanceOf(VaultError);
  }
  for (const longer of [
    `${ciphertext}A`,
    `${ciphertext}.`,
    `${ciphertext}=`,
    ` ${ciphertext}`,
    `${ciphertext}\n`,
  ])
    expect(await findError(vault.open({ ...ROW, ciphertext: longer }))).toBeInstanceOf(VaultError);
});

test(
  'with any bit of any of its characters flipped it does not open',
  { timeout: 60_000 },
  async ({ expect }) => {
    const vault = vaultOf(ONE);
    const { ciphertext } = await vault.seal({ ...ROW, secret: SECRET });
    const bytes = Buffer.from(ciphertext, 'latin1');
    for (let bit = 0; bit < bytes.length * 8; bit += 1) {
      const changed = Buffer.from(bytes);
      changed.writeUInt8(bytes.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
      const error = await findError(vault.open({ ...ROW, ciphertext: changed.toString('latin1') }));
      expect(error, String(bit)).toBeInstanceOf(VaultError);
    }
  },
);

test('with any byte of its parts changed it does not open', async ({ expect }) => {
  const vault = vaultOf(ONE);
  const { ciphertext } = await vault.seal({ ...ROW, secret: SECRET });
  const [format = '', version = '', ...parts] = ciphertext.split('.');
  for (const [index, part] of parts.entries()) {
    const bytes = Buffer.from(part, 'base64url');
    for (let at = 0; at < bytes.length; at += 1) {
      const changed = Buffer.from(bytes);
      changed.writeUInt8(bytes.readUInt8(at) ^ 0x01, at);
      const text = [format, version, ...parts.with(index, toBase64Url(changed))].join('.');
      const error = await findError(vault.open({ ...ROW, ciphertext: text }));
      expect(error, `part ${index}, byte ${at}`).toMatchObject({ code: 'damaged', version: 1 });
    }
  }
});

test('under a version that is missing the error names the version, and so it does under other material', async ({
  expect,
}) => {
  const { ciphertext } = await vaultOf(kek(7, 0xa1)).seal({ ...ROW, secret: SECRET });
  for (const verb of ['open', 'rewrap'] as const) {
    const missing = await findError(vaultOf(ONE)[verb]({ ...ROW, ciphertext }));
    expect(missing).toMatchObject({ code: 'unknown_version', version: 7 });
    expect(String(missing)).toMatch(/pkey_1.*version 7/);
    const other = await findError(vaultOf(kek(7, 0xcc))[verb]({ ...ROW, ciphertext }));
    expect(other).toMatchObject({ code: 'damaged', version: 7 });
    expect(String(other)).toMatch(/pkey_1.*version 7/);
  }
});

test('the same material under another version does not open what it sealed', async ({ expect }) => {
  const { ciphertext } = await vaultOf(kek(1, 0xa1)).seal({ ...ROW, secret: SECRET });
  const renamed = ciphertext.replace('v1.1.', 'v1.2.');
  expect(await findError(vaultOf(kek(2, 0xa1)).open({ ...ROW, ciphertext: renamed }))).toMatchObject({
    code: 'damaged',
    version: 2,
  });
});

test('two seals of one secret have no part in common', async ({ expect }) => {
  const vault = vaultOf(ONE);
  const [one, other] = await Promise.all([
    vault.seal({ ...ROW, secret: SECRET }),
    vault.seal({ ...ROW, secret: SECRET }),
  ]);
  const shared = new Set(one.ciphertext.split('.').slice(2));
  expect(other.ciphertext.split('.').filter((part) => shared.has(part))).toEqual([]);
});

test('rewrapping moves to the newest version and leaves the secret alone', async ({ expect }) => {
  const old = await vaultOf(ONE).seal({ ...ROW, secret: SECRET });
  const both = vaultOf(`${ONE},${TWO}`);
  expect([both.versions, both.newestVersion]).toEqual([[2, 1], 2]);
  const moved = await both.rewrap({ ...ROW, ciphertext: old.ciphertext });
  expect(moved.kekVersion).toBe(2);
  // The secret's own IV and ciphertext stay; only the wrapping of its data key is new.
  expect(moved.ciphertext.split('.').slice(4)).toEqual(old.ciphertext.split('.').slice(4));
  expect(await vaultOf(TWO).open({ ...ROW, ciphertext: moved.ciphertext })).toBe(SECRET);
  expect(await both.open({ ...ROW, ciphertext: old.ciphertext })).toBe(SECRET);
});

test('a key-encryption key wraps no more often than it may, also for callers at once', async ({ expect }) => {
  const vault = vaultOf(ONE, { maxWraps: 3 });
  const outcomes = await Promise.allSettled(
    Array.from({ length: 5 }, () => vault.seal({ ...ROW, secret: SECRET })),
  );
  expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(3);
  const [sealed] = outcomes;
  const ciphertext = sealed?.status === 'fulfilled' ? sealed.value.ciphertext : '';
  const refusal = await findError(vault.rewrap({ ...ROW, ciphertext }));
  expect(refusal).toMatchObject({ code: 'version_used_up', version: 1 });
  expect(await vault.open({ ...ROW, ciphertext })).toBe(SECRET);
});

/** `npm run prove` draws 10^6 with 500 000, since a seal draws two. */
const SEALS = Number(process.env['EPHEMERA_SEALS'] ?? '10000');

test(`no IV repeats over ${SEALS} seals`, { timeout: 300_000 }, async ({ expect }) => {
  const vault = vaultOf(ONE);
  const seen = new Set<string>();
  for (let done = 0; done < SEALS; done += 1_000) {
    const sealed = await Promise.all(
      Array.from({ length: 1_000 }, () => vault.seal({ ...ROW, secret: 'k' })),
    );
    for (const { ciphertext } of sealed) {
      const [, , wrapIv = '', , iv = ''] = ciphertext.split('.');
      seen.add(wrapIv).add(iv);
    }
  }
  expect(seen.size).toBe(2 * SEALS);
});

test('nothing of the material or the secret is in an error, nor in what a vault shows of itself', async ({
  expect,
}) => {
  const keyring = parseKeyring(`${ONE},${TWO}`);
  const vault = createVault({ keyring });
  const { ciphertext } = await vault.seal({ ...ROW, secret: SECRET });
  const spoiled = ciphertext.replace(/[^.]+$/, toBase64Url(Buffer.alloc(60)));
  const errors = await Promise.all([
    findError(vault.open({ ...ROW, id: 'pkey_2', ciphertext })),
    findError(vault.open({ ...ROW, ciphertext: spoiled })),
    findError(vault.open({ ...ROW, ciphertext: SECRET })),
    findError(vaultOf(ONE).open({ ...ROW, ciphertext })),
    findError(vaultOf(ONE, { maxWraps: 0 }).seal({ ...ROW, secret: SECRET })),
  ]);
  const told = [...errors, vault, keyring].map((shown) => {
    const own = shown instanceof Error ? `${shown.stack} ${String(shown.cause)}` : '';
    return `${String(shown)} ${own} ${JSON.stringify(shown)}`;
  });
  expect(errors.every((error) => error instanceof VaultError)).toBe(true);
  const material = [0xa1, 0xb2].map((byte) => Buffer.alloc(32, byte));
  const canaries = [
    'CANARY',
    ...ciphertext.split('.').slice(2),
    ...material.flatMap((bytes) => [
      bytes.toString('base64').slice(0, 12),
      bytes.toString('hex').slice(0, 12),
    ]),
    '161,161,161',
  ];
  for (const canary of canaries) expect(told.join('\n')).not.toContain(canary);
});
