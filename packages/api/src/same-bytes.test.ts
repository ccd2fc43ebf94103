import { expect, test } from 'vitest';

import { isSameBytes } from './same-bytes.ts';

test('two are the same where every byte is', () => {
  const bytes = Uint8Array.from({ length: 32 }, (_, index) => index * 7);
  expect(isSameBytes(bytes, bytes.slice())).toBe(true);
  for (let bit = 0; bit < bytes.length * 8; bit += 1) {
    const other = bytes.slice();
    other[bit >> 3] = (other[bit >> 3] ?? 0) ^ (1 << (bit & 7));
    expect([bit, isSameBytes(bytes, other)]).toEqual([bit, false]);
  }
  expect(isSameBytes(bytes, bytes.subarray(1))).toBe(false);
  expect(isSameBytes(bytes.subarray(1), bytes)).toBe(false);
});
