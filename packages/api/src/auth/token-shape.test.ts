import { test } from 'vitest';

import { encodePart } from '../../test/tokens.ts';
import { readTokenShape } from './token-shape.ts';

const HEAD = encodePart({ alg: 'ES256', kid: 'k' });
const BODY = encodePart({ iss: 'i' });
const SIGNATURE = 'A'.repeat(86);

const REFUSED: Record<string, string> = {
  'five parts': `${HEAD}.${BODY}.${SIGNATURE}.${BODY}.${BODY}`,
  'an encrypted header': `${encodePart({ alg: 'PBES2-HS256+A128KW', p2c: 1e9, kid: 'k' })}.${BODY}.${SIGNATURE}`,
  'a compressed one': `${encodePart({ alg: 'ES256', kid: 'k', zip: 'DEF', crit: ['zip'] })}.${BODY}.${SIGNATURE}`,
  'a token in a token': `${HEAD}.${encodePart(`${HEAD}.${BODY}.${SIGNATURE}`)}.${SIGNATURE}`,
  'over 8 KiB': `${HEAD}.${encodePart({ iss: 'i', padding: 'x'.repeat(8_192) })}.${SIGNATURE}`,
  'one MiB': `${HEAD}.${'A'.repeat(1_048_576)}.${SIGNATURE}`,
  'brackets to the limit': `${HEAD}.${encodePart('['.repeat(6_000))}.${SIGNATURE}`,
  'dots alone': '.'.repeat(1_048_576),
};

for (const [name, token] of Object.entries(REFUSED)) {
  test(`security 11: ${name} is refused in less than 5 ms`, ({ expect }) => {
    const times = Array.from({ length: 50 }, () => {
      const startedAt = performance.now();
      expect(readTokenShape(token)).toBeNull();
      return performance.now() - startedAt;
    });
    expect(times.toSorted((one, other) => one - other)[25]).toBeLessThan(5);
  });
}

test('a token of the right shape tells its key, its issuer and whose it is', ({ expect }) => {
  expect(readTokenShape(`${HEAD}.${BODY}.${SIGNATURE}`)).toEqual({ kid: 'k', issuer: 'i', bearer: 'user' });
});
