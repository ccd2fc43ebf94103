import { createRoot, createSignal } from 'solid-js';
import { test } from 'vitest';

import { createPager } from './pager.ts';

test('the pager finds the way back that cursors do not have', ({ expect }) => {
  createRoot((dispose) => {
    const [cursor, setCursor] = createSignal<string | null>(null);
    const pager = createPager({ cursor, setCursor });
    pager.older('c1');
    pager.older('c2');
    expect(cursor()).toBe('c2');
    pager.newer();
    expect(cursor()).toBe('c1');
    pager.newer();
    expect([cursor(), pager.isFirst()]).toEqual([null, true]);
    dispose();
  });
});

test('a pager opened in the middle leads to the newest page', ({ expect }) => {
  createRoot((dispose) => {
    const [cursor, setCursor] = createSignal<string | null>('c7');
    createPager({ cursor, setCursor }).newer();
    expect(cursor()).toBeNull();
    dispose();
  });
});
