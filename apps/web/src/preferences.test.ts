import { createRoot } from 'solid-js';
import { test } from 'vitest';

import { createPreferences, findPreferenceStore } from './preferences.ts';

function createStore(initial: Record<string, string> = {}) {
  const values = new Map(Object.entries(initial));
  return {
    values,
    getItem: (key: string) => values.get(key) ?? null,
    setItem: (key: string, value: string) => void values.set(key, value),
    removeItem: (key: string) => void values.delete(key),
  };
}

function create(initial?: Record<string, string>) {
  const store = createStore(initial);
  const root = document.createElement('html');
  return { store, root, preferences: createRoot(() => createPreferences(store, root)) };
}

test('a chosen theme is set and remembered, the system’s is no choice', ({ expect }) => {
  const { preferences, root, store } = create();
  preferences.setTheme('dark');
  expect([root.dataset['theme'], store.values.get('ephemera.theme')]).toEqual(['dark', 'dark']);
  preferences.setTheme('system');
  expect([root.dataset['theme'], store.values.has('ephemera.theme')]).toEqual([undefined, false]);
});

test('a stored theme that does not exist counts as none', ({ expect }) => {
  expect(create({ 'ephemera.theme': 'neon' }).preferences.theme()).toBe('system');
  expect(create({ 'ephemera.theme': 'light' }).preferences.theme()).toBe('light');
});

test('the language stands on the page', ({ expect }) => {
  const { preferences, root } = create();
  preferences.writeLocale('ko');
  expect([root.lang, preferences.readLocale()]).toEqual(['ko', 'ko']);
});

test('a browser that blocks its store still has one for the page', ({ expect }) => {
  const store = findPreferenceStore(() => {
    throw new DOMException('denied', 'SecurityError');
  });
  store.setItem('a', '1');
  expect(store.getItem('a')).toBe('1');
  store.removeItem('a');
  expect(store.getItem('a')).toBeNull();
});
