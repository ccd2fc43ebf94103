import { createContext, useContext } from 'solid-js';
import type { JSX } from 'solid-js';

import type { I18n } from './i18n.ts';

const I18nContext = createContext<I18n>();

export function I18nProvider(props: { value: I18n; children: JSX.Element }): JSX.Element {
  return <I18nContext.Provider value={props.value}>{props.children}</I18nContext.Provider>;
}

export function useI18n(): I18n {
  const value = useContext(I18nContext);
  if (value === undefined) throw new Error('useI18n outside of I18nProvider');
  return value;
}
