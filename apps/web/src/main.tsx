import '@fontsource-variable/inter/wght.css';
import './styles.css';

import { render } from 'solid-js/web';

import { createApi } from './api/api.ts';
import { App } from './app.tsx';
import { createI18n } from './i18n/i18n.ts';
import { findLocale, isLocale, loadDictionary } from './i18n/dictionary.ts';
import { createQueries } from './api/queries.ts';
import { createPreferences, findPreferenceStore } from './preferences.ts';

async function start(root: HTMLElement): Promise<void> {
  const preferences = createPreferences(
    findPreferenceStore(() => globalThis.localStorage),
    document.documentElement,
  );
  const stored = preferences.readLocale();
  const locale = isLocale(stored) ? stored : findLocale(navigator.languages);
  document.documentElement.lang = locale;
  const api = createApi({ fetch: (input, init) => fetch(input, init), now: Date.now });
  const dictionary = await loadDictionary(locale);
  render(() => {
    const i18n = createI18n({ locale, dictionary, onChange: preferences.writeLocale });
    // One for all: written into the JSX it would be made anew at each look at the prop.
    const queries = createQueries(api);
    return <App api={api} i18n={i18n} preferences={preferences} queries={queries} />;
  }, root);
}

const root = document.querySelector<HTMLElement>('#root');
if (root !== null) void start(root);
