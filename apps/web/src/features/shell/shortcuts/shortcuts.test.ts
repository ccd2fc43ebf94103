import { test } from 'vitest';

import { findIdHref, selectCommands } from './command-list.ts';
import { isField, readShortcut } from './shortcut-key.ts';
import type { KeyPress } from './shortcut-key.ts';
import { hasSingleKeys, setSingleKeys } from './single-keys.ts';
import { planShortcut } from './shortcut-plan.ts';

const FREE = { isField: false, hasSingle: true };

function press(key: string, rest: Partial<KeyPress> = {}): KeyPress {
  const code = /^[a-z]$/i.test(key) ? `Key${key.toUpperCase()}` : '';
  return {
    key,
    code,
    ctrlKey: false,
    metaKey: false,
    altKey: false,
    isComposing: false,
    defaultPrevented: false,
    ...rest,
  };
}

function make(html: string): Element | null {
  const box = document.createElement('div');
  box.innerHTML = html;
  return box.firstElementChild;
}

test('a key is what is printed on it; on a layout without Latin letters, what it is elsewhere', ({
  expect,
}) => {
  expect(readShortcut(press('g'), FREE)).toBe('g');
  expect(readShortcut(press('a', { code: 'KeyQ' }), FREE)).toBe('a');
  expect(readShortcut(press('ㅎ', { code: 'KeyG' }), FREE)).toBe('g');
  expect(readShortcut(press('?', { code: 'Slash' }), FREE)).toBe('?');
  expect(readShortcut(press('m'), FREE)).toBeNull();
  expect(readShortcut(press('Enter', { code: 'Enter' }), FREE)).toBeNull();
});

test('in a field, or switched off, only the palette’s shortcut holds', ({ expect }) => {
  for (const place of [
    { isField: true, hasSingle: true },
    { isField: false, hasSingle: false },
  ]) {
    expect(readShortcut(press('c'), place)).toBeNull();
    expect(readShortcut(press('?'), place)).toBeNull();
    expect(readShortcut(press('k', { ctrlKey: true }), place)).toBe('palette');
    expect(readShortcut(press('k', { metaKey: true }), place)).toBe('palette');
  }
});

test('what belongs to the browser, to an input method or to somebody else is left alone', ({ expect }) => {
  expect(readShortcut(press('r', { ctrlKey: true }), FREE)).toBeNull();
  expect(readShortcut(press('f', { metaKey: true }), FREE)).toBeNull();
  expect(readShortcut(press('k', { altKey: true, ctrlKey: true }), FREE)).toBeNull();
  expect(readShortcut(press('g', { isComposing: true }), FREE)).toBeNull();
  expect(readShortcut(press('g', { defaultPrevented: true }), FREE)).toBeNull();
});

test('single keys are on until they are switched off', ({ expect }) => {
  const values = new Map<string, string>();
  const store = {
    getItem: (key: string) => values.get(key) ?? null,
    setItem: (key: string, value: string) => void values.set(key, value),
    removeItem: (key: string) => void values.delete(key),
  };
  expect(hasSingleKeys(store)).toBe(true);
  setSingleKeys(store, false);
  expect(hasSingleKeys(store)).toBe(false);
  setSingleKeys(store, true);
  expect([hasSingleKeys(store), values.size]).toEqual([true, 0]);
});

test('letters are text where they are typed', ({ expect }) => {
  for (const html of ['<input>', '<input type="search">', '<textarea></textarea>', '<select></select>']) {
    expect(isField(make(html)), html).toBe(true);
  }
  for (const html of ['<input type="radio">', '<button></button>', '<a href="/"></a>']) {
    expect(isField(make(html)), html).toBe(false);
  }
  expect(isField(null)).toBe(false);
});

test('after g a letter names a page, if it is offered; alone it acts', ({ expect }) => {
  const place = { isAfterG: true, hrefs: ['/', '/nodes'] };
  expect(planShortcut('o', place)).toEqual({ kind: 'go', href: '/' });
  expect(planShortcut('n', place)).toEqual({ kind: 'go', href: '/nodes' });
  expect(planShortcut('k', place)).toEqual({ kind: 'none' });
  expect(planShortcut('c', place)).toEqual({ kind: 'none' });
  expect(planShortcut('?', place)).toEqual({ kind: 'show', what: 'sheet' });
  expect(planShortcut('k', { ...place, isAfterG: false })).toEqual({ kind: 'act', what: 'previous' });
  expect(planShortcut('o', { ...place, isAfterG: false })).toEqual({ kind: 'none' });
});

test('pages are found by any part of their name, without its accents', ({ expect }) => {
  const commands = ['Clés d’accès', 'Clés fournisseur', 'Vue d’ensemble', 'Nœuds'].map((label) => ({
    label,
  }));
  const find = (query: string) => selectCommands(commands, query).map(({ label }) => label);
  expect(find('')).toHaveLength(4);
  expect(find('cles')).toEqual(['Clés d’accès', 'Clés fournisseur']);
  expect(find('FOUR cle')).toEqual(['Clés fournisseur']);
  expect(find('zz')).toEqual([]);
  expect(selectCommands([{ label: 'My keys' }, { label: 'Keys' }], 'key')[0]?.label).toBe('Keys');
});

test('an id leads to its page', ({ expect }) => {
  expect(findIdHref(' ses_01m81grezze2e81x6tqgmpgbka ')).toBe('/sessions/ses_01m81grezze2e81x6tqgmpgbka');
  expect(findIdHref('key_01m81')).toBe('/access-keys/key_01m81');
  expect(findIdHref('pkey_01m81')).toBe('/provider-keys/pkey_01m81');
  expect(findIdHref('sessions')).toBeNull();
  expect(findIdHref('ses_../x')).toBeNull();
});
