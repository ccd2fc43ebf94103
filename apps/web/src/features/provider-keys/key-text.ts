import type { enProviderKeys } from '../../i18n/en/provider-keys.ts';
import { createSection } from '../../i18n/section.tsx';

export type KeyMessage = keyof typeof enProviderKeys;
export type KeyDictionary = Readonly<Record<KeyMessage, string>>;

const section = createSection<typeof enProviderKeys>({
  en: async () => (await import('../../i18n/en/provider-keys.ts')).enProviderKeys,
  fr: async () => (await import('../../i18n/fr/provider-keys.ts')).frProviderKeys,
  ko: async () => (await import('../../i18n/ko/provider-keys.ts')).koProviderKeys,
});

export const KeyTextProvider = section.Provider;
export const useKeyText = section.useText;
