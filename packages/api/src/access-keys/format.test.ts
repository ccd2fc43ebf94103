import { test } from 'vitest';

import { crc32 } from './checksum.ts';
import { createAccessKeySecret, parseAccessKey } from './format.ts';

const random = (bytes: Uint8Array<ArrayBuffer>): Uint8Array => crypto.getRandomValues(bytes);

test('the checksum is the CRC-32 of the catalogues', ({ expect }) => {
  expect(crc32('123456789')).toBe(0xcb_f4_39_26);
  expect(crc32('')).toBe(0);
});

test('a key has 256 random bits, says what it is for, and has one length', ({ expect }) => {
  const made = Array.from({ length: 200 }, () => createAccessKeySecret('live', random));
  expect(new Set(made).size).toBe(200);
  expect(made.every((key) => /^eph_live_[\dA-Za-z]{49}$/.test(key))).toBe(true);
  expect(made.map(parseAccessKey).every((parsed) => parsed?.environment === 'live')).toBe(true);
  expect(parseAccessKey(createAccessKeySecret('test', random))).toEqual({ environment: 'test' });
  for (const byte of [0, 255]) {
    const edge = createAccessKeySecret('live', (bytes) => bytes.fill(byte));
    expect(edge).toHaveLength(58);
    expect(parseAccessKey(edge)).not.toBeNull();
  }
});

test('every single wrong character is found, and every two that changed places', ({ expect }) => {
  const key = createAccessKeySecret('live', random);
  for (let at = 'eph_'.length; at < key.length; at += 1) {
    const wrong = key[at] === 'x' ? 'y' : 'x';
    expect(parseAccessKey(key.slice(0, at) + wrong + key.slice(at + 1))).toBeNull();
    const swapped =
      key.slice(0, at) +
      key
        .slice(at, at + 2)
        .split('')
        .toReversed()
        .join('') +
      key.slice(at + 2);
    if (swapped !== key) expect(parseAccessKey(swapped)).toBeNull();
  }
});

test('nothing else is one', ({ expect }) => {
  const key = createAccessKeySecret('live', random);
  for (const text of [
    '',
    'eph_',
    'eph_live_',
    ` ${key}`,
    `${key}\n`,
    key.slice(0, -1),
    `${key}0`,
    key.toUpperCase(),
  ]) {
    expect(parseAccessKey(text)).toBeNull();
  }
  expect(parseAccessKey(key.replace('eph_live', 'eph_test'))).toBeNull();
});
