import { test } from 'vitest';

import { findMenuPlace, findNextIndex } from './menu-place.ts';

test('a menu stays inside of the window', ({ expect }) => {
  const menu = { width: 200, height: 150 };
  const view = { width: 400, height: 500 };
  expect(findMenuPlace({ top: 10, bottom: 40, right: 390 }, menu, view)).toEqual({ top: 44, left: 190 });
  expect(findMenuPlace({ top: 450, bottom: 480, right: 390 }, menu, view).top).toBe(296);
  expect(findMenuPlace({ top: 10, bottom: 40, right: 60 }, menu, view).left).toBe(8);
});

test('arrow keys go round in a menu', ({ expect }) => {
  expect(findNextIndex('ArrowDown', 2, 3)).toBe(0);
  expect(findNextIndex('ArrowUp', 0, 3)).toBe(2);
  expect([findNextIndex('Home', 2, 3), findNextIndex('End', 0, 3)]).toEqual([0, 2]);
  expect(findNextIndex('a', 0, 3)).toBeNull();
});
