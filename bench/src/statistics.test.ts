import { test } from 'vitest';

import { shuffle, summarizeSpread } from './statistics.ts';

test('takes the middle of an odd number of values', ({ expect }) => {
  expect(summarizeSpread([9, 1, 4])).toEqual({ min: 1, median: 4, max: 9, count: 3 });
});

test('takes the mean of the two in the middle of an even number', ({ expect }) => {
  expect(summarizeSpread([10, 1, 2, 4]).median).toBe(3);
});

test('has no median of nothing', ({ expect }) => {
  expect(summarizeSpread([]).median).toBeNaN();
});

test('orders by what the random source says and loses nothing', ({ expect }) => {
  const keys = [0.3, 0.1, 0.2];
  expect(shuffle(['a', 'b', 'c'], () => keys.shift() ?? 0)).toEqual(['b', 'c', 'a']);
});
