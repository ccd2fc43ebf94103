import { en } from './en/en.ts';

/** English is the source: a key that another language lacks does not compile. */
export type MessageKey = keyof typeof en;
export type Dictionary = Readonly<Record<MessageKey, string>>;

export const LOCALES = ['en', 'fr', 'ko'] as const;
export type Locale = (typeof LOCALES)[number];

/** Each language under its own name, so that a reader who is lost finds it. */
export const LOCALE_NAMES: Readonly<Record<Locale, string>> = { en: 'English', fr: 'Français', ko: '한국어' };

export function isLocale(value: unknown): value is Locale {
  return LOCALES.some((locale) => locale === value);
}

/** The first language the reader asks for that exists here. */
export function findLocale(wanted: readonly string[]): Locale {
  for (const tag of wanted) {
    const language = tag.toLowerCase().split('-')[0];
    if (isLocale(language)) return language;
  }
  return 'en';
}

/** French and Korean are chunks of their own: the first view carries one language. */
const LOADERS: Readonly<Record<Locale, () => Promise<Dictionary>>> = {
  en: () => Promise.resolve(en),
  fr: async () => (await import('./fr/fr.ts')).fr,
  ko: async () => (await import('./ko/ko.ts')).ko,
};

export function loadDictionary(locale: Locale): Promise<Dictionary> {
  return LOADERS[locale]();
}
