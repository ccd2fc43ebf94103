import { test } from 'vitest';

import { createBoundedCache } from './bounded-cache.ts';

test('forgets what was used longest ago, never more than it must', ({ expect }) => {
  const cache = createBoundedCache<number>(2);
  cache.set('a', 1);
  cache.set('b', 2);
  cache.get('a');
  cache.set('c', 3);
  expect([cache.get('a'), cache.get('b'), cache.get('c')]).toEqual([1, undefined, 3]);
});

test('setting a known key replaces its value and pushes nobody out', ({ expect }) => {
  const cache = createBoundedCache<number>(2);
  cache.set('a', 1);
  cache.set('b', 2);
  cache.set('b', 4);
  expect([cache.get('a'), cache.get('b')]).toEqual([1, 4]);
  cache.delete('a');
  expect(cache.get('a')).toBeUndefined();
});

test('what is asked for again and again keeps its place, and loses it to what is asked for later', ({
  expect,
}) => {
  const cache = createBoundedCache<number>(2);
  cache.set('a', 1);
  cache.set('b', 2);
  expect([cache.get('b'), cache.get('b'), cache.get('a'), cache.get('a')]).toEqual([2, 2, 1, 1]);
  cache.set('c', 3);
  expect([cache.get('a'), cache.get('b'), cache.get('c')]).toEqual([1, undefined, 3]);
  cache.delete('c');
  expect(cache.get('c')).toBeUndefined();
});
