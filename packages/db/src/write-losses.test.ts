import { test } from 'vitest';

import { createLosses } from './write-losses.ts';

test('what a constraint forbids is no loss, all else is', ({ expect }) => {
  let nowMs = 10;
  const losses = createLosses(() => nowMs);
  losses.note(Object.assign(new Error('taken'), { code: 'SQLITE_CONSTRAINT_UNIQUE' }));
  expect(losses.agoMs()).toBe(Infinity);

  losses.note(Object.assign(new Error('full'), { code: 'SQLITE_FULL' }));
  nowMs += 5;
  expect(losses.agoMs()).toBe(5);
  losses.note(new Error('the server is gone'));
  expect(losses.agoMs()).toBe(0);
  losses.clear();
  expect(losses.agoMs()).toBe(Infinity);
});
