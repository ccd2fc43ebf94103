import { test } from 'vitest';

import { KeyringError, parseKeyring } from './keyring.ts';

const material = (byte: number, length = 32): string => Buffer.alloc(length, byte).toString('base64');

function findError(text: string): unknown {
  try {
    parseKeyring(text);
    return null;
  } catch (error) {
    return error;
  }
}

test('reads the versions in any order and with spaces; the newest is the highest', async ({ expect }) => {
  const keyring = parseKeyring(` 2:${material(2)} , 10:${material(10)},1:${material(1)}`);
  expect(keyring.versions).toEqual([10, 2, 1]);
  expect(keyring.newestVersion).toBe(10);
  const key = await keyring.importKey(2);
  expect(key).toMatchObject({ type: 'secret', extractable: false });
  expect(await keyring.importKey(2)).toBe(key);
  expect(await keyring.importKey(3)).toBeNull();
});

test('padding may be left out', ({ expect }) => {
  expect(parseKeyring(`1:${material(1).replace('=', '')}`).versions).toEqual([1]);
});

const CANARY = material(0xca);
for (const { name, text, said } of [
  { name: 'nothing', text: '', said: 'entry 1 does not begin with a version' },
  { name: 'a key without its version', text: CANARY, said: 'entry 1 does not begin with a version' },
  { name: 'version 0', text: `0:${CANARY}`, said: 'entry 1 does not begin with a version' },
  { name: 'a version with a sign', text: `1:${material(1)},-2:${CANARY}`, said: 'entry 2 does not begin' },
  { name: 'a comma at the end', text: `1:${CANARY},`, said: 'entry 2 does not begin' },
  { name: 'no key', text: '1:', said: 'the key of version 1 has 0 bytes, not 32' },
  { name: 'a short key', text: `3:${material(0xca, 16)}`, said: 'the key of version 3 has 16 bytes, not 32' },
  { name: 'a long key', text: `3:${material(0xca, 33)}`, said: 'the key of version 3 has 33 bytes, not 32' },
  { name: 'no base64', text: `4:${CANARY.slice(0, -4)}!!!!`, said: 'the key of version 4 is not base64' },
  { name: 'two keys of a version', text: `5:${CANARY},5:${material(1)}`, said: 'version 5 is given twice' },
  { name: 'one key twice', text: `1:${CANARY},2:${CANARY}`, said: 'versions 1 and 2 are the same key' },
]) {
  test(`refuses ${name}, saying where and why, and nothing of the key`, ({ expect }) => {
    const error = findError(text);
    expect(error).toBeInstanceOf(KeyringError);
    expect(String(error)).toContain(said);
    expect(`${String(error)} ${error instanceof Error ? error.stack : ''}`).not.toContain(CANARY.slice(0, 8));
  });
}
