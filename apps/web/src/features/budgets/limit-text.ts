import type { enLimits } from '../../i18n/en/limits.ts';
import { createSection } from '../../i18n/section.tsx';

export type LimitMessage = keyof typeof enLimits;
export type LimitDictionary = Readonly<Record<LimitMessage, string>>;

/** One set of words for users and budgets: both speak of the same limits and the same money. */
const section = createSection<typeof enLimits>({
  en: async () => (await import('../../i18n/en/limits.ts')).enLimits,
  fr: async () => (await import('../../i18n/fr/limits.ts')).frLimits,
  ko: async () => (await import('../../i18n/ko/limits.ts')).koLimits,
});

export const LimitTextProvider = section.Provider;
export const useLimitText = section.useText;
