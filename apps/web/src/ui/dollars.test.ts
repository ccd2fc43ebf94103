import { test } from 'vitest';

import { parseDollars, toDollarText } from './dollars.ts';

test.for([
  ['10', 10_000_000],
  [' 0.25 ', 250_000],
  ['0,25', 250_000],
  ['$3', 3_000_000],
  ['0.000001', 1],
  ['0', 0],
  ['', null],
  ['-1', null],
  ['1.0000001', null],
  ['1e3', null],
  ['1,000.50', null],
  ['ten', null],
] as const)('%s is %s micro-dollars', ([text, microUsd], { expect }) => {
  expect(parseDollars(text)).toBe(microUsd);
});

test('an amount is written for a field as it can be read again', ({ expect }) => {
  for (const microUsd of [0, 1, 250_000, 12_345_678]) {
    expect(parseDollars(toDollarText(microUsd))).toBe(microUsd);
  }
});
