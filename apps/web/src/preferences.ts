import { createContext, createSignal, useContext } from 'solid-js';
import type { Accessor } from 'solid-js';

import type { Locale } from './i18n/dictionary.ts';

export const THEMES = ['system', 'light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];

export type Preferences = {
  theme: Accessor<Theme>;
  setTheme: (theme: Theme) => void;
  /** For what is loaded later and keeps its own. */
  store: PreferenceStore;
  readLocale: () => string | null;
  writeLocale: (locale: Locale) => void;
};

export type PreferenceStore = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;

const THEME_KEY = 'ephemera.theme';
const LOCALE_KEY = 'ephemera.locale';

/** The browser's store; where it is blocked, one that lasts as long as the page. */
export function findPreferenceStore(findStorage: () => PreferenceStore): PreferenceStore {
  try {
    return findStorage();
  } catch {
    const values = new Map<string, string>();
    return {
      getItem: (key) => values.get(key) ?? null,
      setItem: (key, value) => void values.set(key, value),
      removeItem: (key) => void values.delete(key),
    };
  }
}

function isTheme(value: string | null): value is Theme {
  return THEMES.some((theme) => theme === value);
}

/** Appearance and language on this device; `public/theme.js` reads the same keys before the first paint. */
export function createPreferences(store: PreferenceStore, root: HTMLElement): Preferences {
  const stored = store.getItem(THEME_KEY);
  const [theme, setTheme] = createSignal<Theme>(isTheme(stored) ? stored : 'system');
  return {
    store,
    theme,
    setTheme(next) {
      setTheme(next);
      if (next === 'system') {
        delete root.dataset['theme'];
        store.removeItem(THEME_KEY);
      } else {
        root.dataset['theme'] = next;
        store.setItem(THEME_KEY, next);
      }
    },
    readLocale: () => store.getItem(LOCALE_KEY),
    writeLocale(locale) {
      root.lang = locale;
      store.setItem(LOCALE_KEY, locale);
    },
  };
}

export const PreferencesContext = createContext<Preferences>();

export function usePreferences(): Preferences {
  const value = useContext(PreferencesContext);
  if (value === undefined) throw new Error('usePreferences outside of its provider');
  return value;
}
