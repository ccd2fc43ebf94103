import { createHash, createHmac } from 'node:crypto';
import { expect, test } from 'vitest';

import { createMac, digestText } from './short-hashes.ts';

test('the hashes are those of the standard, whatever their length', () => {
  const secrets = ['short', 'x'.repeat(64), 'ü'.repeat(100)];
  const texts = Array.from({ length: 200 }, (_, length) => '€'.repeat(length));
  for (const secret of secrets) {
    const macOf = createMac(secret);
    for (const text of texts) {
      const expected = createHmac('sha256', secret).update(text).digest('hex');
      expect(Buffer.from(macOf(Buffer.from(text))).toString('hex')).toBe(expected);
    }
  }
  for (const text of texts) {
    expect(Buffer.from(digestText(text)).toString('hex')).toBe(
      createHash('sha256').update(text).digest('hex'),
    );
  }
});
