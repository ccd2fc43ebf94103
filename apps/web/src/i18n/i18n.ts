import { resolveTemplate, translator } from '@solid-primitives/i18n';
import type { BaseTemplateArgs } from '@solid-primitives/i18n';
import { createMemo, createSignal } from 'solid-js';
import type { Accessor } from 'solid-js';

import { loadDictionary } from './dictionary.ts';
import type { Dictionary, Locale, MessageKey } from './dictionary.ts';
import { createFormatters } from './format.ts';
import type { Formatters } from './format.ts';

/** Keys that come in plural forms, without the form: `sessions.shown` of `sessions.shown.one`. */
export type PluralKey = MessageKey extends infer K ? (K extends `${infer Stem}.one` ? Stem : never) : never;

export type I18n = {
  locale: Accessor<Locale>;
  setLocale: (locale: Locale) => Promise<void>;
  t: (key: MessageKey, values?: BaseTemplateArgs) => string;
  /** Picks the form by the language's own rules and fills `{{ count }}`. */
  plural: (key: PluralKey, count: number) => string;
  format: Accessor<Formatters>;
};

export type I18nOptions = { locale: Locale; dictionary: Dictionary; onChange?: (locale: Locale) => void };

export function createI18n(options: I18nOptions): I18n {
  const [current, setCurrent] = createSignal({ locale: options.locale, dictionary: options.dictionary });
  const locale = () => current().locale;
  const t = translator(() => current().dictionary, resolveTemplate);
  const format = createMemo(() => createFormatters(locale()));
  const rules = createMemo(() => new Intl.PluralRules(locale()));
  let latest = options.locale;
  return {
    locale,
    t,
    format,
    async setLocale(next) {
      latest = next;
      const dictionary = await loadDictionary(next);
      if (latest !== next) return;
      setCurrent({ locale: next, dictionary });
      options.onChange?.(next);
    },
    plural(key, count) {
      const form = rules().select(count) === 'one' ? 'one' : 'other';
      return t(`${key}.${form}`, { count: format().integer(count) });
    },
  };
}
