import type { ShortcutKey } from './shortcut-key.ts';

export type PageAction = 'search' | 'filter' | 'range' | 'create' | 'next' | 'previous';

export type ShortcutStep =
  | { kind: 'go'; href: string }
  | { kind: 'await' }
  | { kind: 'show'; what: 'palette' | 'sheet' }
  | { kind: 'refresh' }
  | { kind: 'act'; what: PageAction }
  | { kind: 'none' };

/** After `g`, in the order in which they are told. */
export const GO_KEYS = {
  o: '/',
  p: '/playground',
  s: '/sessions',
  u: '/usage',
  k: '/provider-keys',
  a: '/access-keys',
  n: '/nodes',
} as const;

const STEPS: Readonly<Partial<Record<ShortcutKey, ShortcutStep>>> = {
  palette: { kind: 'show', what: 'palette' },
  '?': { kind: 'show', what: 'sheet' },
  '/': { kind: 'act', what: 'search' },
  g: { kind: 'await' },
  f: { kind: 'act', what: 'filter' },
  t: { kind: 'act', what: 'range' },
  r: { kind: 'refresh' },
  c: { kind: 'act', what: 'create' },
  j: { kind: 'act', what: 'next' },
  k: { kind: 'act', what: 'previous' },
};

function isGoKey(key: ShortcutKey): key is keyof typeof GO_KEYS {
  return Object.hasOwn(GO_KEYS, key);
}

/** What a key does; after a `g` it names a page, if it names one that is offered. */
export function planShortcut(
  key: ShortcutKey,
  { isAfterG, hrefs }: { isAfterG: boolean; hrefs: readonly string[] },
): ShortcutStep {
  const none = { kind: 'none' } as const;
  if (isAfterG && key.length === 1 && key !== '?' && key !== '/') {
    const href = isGoKey(key) ? GO_KEYS[key] : null;
    return href !== null && hrefs.includes(href) ? { kind: 'go', href } : none;
  }
  return STEPS[key] ?? none;
}
