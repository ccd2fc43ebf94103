import { generateKeyPairSync, generatePrimeSync } from 'node:crypto';
import { expect, test } from 'vitest';

import { createTestClock } from '../../test/fixtures.ts';
import { createChallenges } from './challenges.ts';
import { parsePublicKey } from './public-key.ts';
import { deriveStatus } from './status.ts';
import { isWeakModulus } from './weak-modulus.ts';

const SECRET = 'a secret of the tests, long enough';

test('security 66: a challenge is good until its minute is over, and under its own secret and audience', () => {
  const clock = createTestClock();
  const challenges = createChallenges({ secret: SECRET, audience: 'a', clock });
  const { challenge } = challenges.create('n');
  clock.advance(59_999);
  expect(challenges.check('n', challenge)).not.toBeNull();
  expect(challenges.check('m', challenge)).toBeNull();
  for (const other of [
    { secret: `${SECRET}!`, audience: 'a', clock },
    { secret: SECRET, audience: 'b', clock },
  ]) {
    expect(createChallenges(other).check('n', challenge)).toBeNull();
  }
  clock.advance(1);
  expect(challenges.check('n', challenge)).toBeNull();
});

test('security 66: a challenge of which any byte was changed is refused', () => {
  const challenges = createChallenges({ secret: SECRET, audience: 'a', clock: createTestClock() });
  const { challenge } = challenges.create('n');
  const start = challenge.lastIndexOf(':') + 1;
  for (let at = start; at < challenge.length; at += 1) {
    const other = challenge[at] === 'A' ? 'B' : 'A';
    const changed = `${challenge.slice(0, at)}${other}${challenge.slice(at + 1)}`;
    expect([at, challenges.check('n', changed)]).toEqual([at, null]);
  }
});

test('no two challenges are the same, and each has a hash of its own', () => {
  const challenges = createChallenges({ secret: SECRET, audience: 'a', clock: createTestClock() });
  const made = Array.from({ length: 100 }, () => challenges.create('n'));
  const hashes = made.map(({ challenge }) => challenges.check('n', challenge));
  expect(new Set(hashes.map((it) => it?.hash)).size).toBe(100);
});

function primeAfter(start: bigint, isPrime: (value: bigint) => boolean): bigint {
  let value = start | 1n;
  while (!isPrime(value)) value += 2n;
  return value;
}

function power(base: bigint, exponent: bigint, modulus: bigint): bigint {
  let result = 1n;
  for (let [factor, rest] = [base, exponent]; rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = (result * factor) % modulus;
    factor = (factor * factor) % modulus;
  }
  return result;
}

test('security 68: two primes that are close, and a small one, are found; those of a good key are not', () => {
  const prime = generatePrimeSync(512, { bigint: true });
  const next = primeAfter(prime + 2n, (value) => power(2n, value - 1n, value) === 1n);
  expect(isWeakModulus(prime * next)).toBe(true);
  expect(isWeakModulus(prime * 101n)).toBe(true);
  expect(isWeakModulus(prime * 2n)).toBe(true);
  const { modulus } = readModulus();
  expect(isWeakModulus(modulus)).toBe(false);
});

function readModulus(): { modulus: bigint } {
  const { n = '' } = generateKeyPairSync('rsa', { modulusLength: 2_048 }).publicKey.export({ format: 'jwk' });
  return { modulus: BigInt(`0x${Buffer.from(n, 'base64url').toString('hex')}`) };
}

test('security 68: what the library of CVE-2017-15361 made is known by its residues', () => {
  // Its primes were k * M + (65537 ^ a mod M), with M the product of the first primes.
  const small = [
    2n,
    3n,
    5n,
    7n,
    11n,
    13n,
    17n,
    19n,
    23n,
    29n,
    31n,
    37n,
    41n,
    43n,
    47n,
    53n,
    59n,
    61n,
    67n,
    71n,
  ];
  const more = [
    73n,
    79n,
    83n,
    89n,
    97n,
    101n,
    103n,
    107n,
    109n,
    113n,
    127n,
    131n,
    137n,
    139n,
    149n,
    151n,
    157n,
    163n,
    167n,
  ];
  const product = [...small, ...more].reduce((all, prime) => all * prime, 1n);
  const make = (k: bigint, a: bigint): bigint => k * product + power(65_537n, a, product);
  expect(isWeakModulus(make(2n ** 800n + 7n, 123_456_789n) * make(2n ** 801n + 99n, 987_654_321n))).toBe(
    true,
  );
});

test('one key has one form and one fingerprint, however its PEM is laid out', async () => {
  const pem = generateKeyPairSync('rsa', { modulusLength: 2_048 })
    .publicKey.export({ type: 'spki', format: 'pem' })
    .toString();
  const [plain, windows, spaced] = await Promise.all(
    [pem, pem.replaceAll('\n', '\r\n'), `\n${pem}\n`].map((text) => parsePublicKey(text)),
  );
  expect(plain).toMatchObject({ bits: 2_048, pem });
  expect(windows).toEqual(plain);
  expect(spaced).toEqual(plain);
});

function statusAfter(silentMs: number): string {
  return deriveStatus({ status: 'fine', lastSeenAtMs: 0 }, { nowMs: silentMs, heartbeatSeconds: 30 });
}

test('silence makes a node unreachable after three intervals and offline after a day', () => {
  expect([0, 89_999, 90_000, 86_399_999, 86_400_000].map(statusAfter)).toEqual([
    'fine',
    'fine',
    'unreachable',
    'unreachable',
    'offline',
  ]);
});
