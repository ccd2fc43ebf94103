import { test } from 'vitest';

import { roundUp } from './axis.ts';

test.for([
  [0, 2],
  [1, 2],
  [3, 4],
  [10, 10],
  [11, 20],
  [61, 80],
  [950, 1_000],
] as const)('the axis above %i ends at %i', ([value, top], { expect }) => {
  expect(roundUp(value)).toBe(top);
});
