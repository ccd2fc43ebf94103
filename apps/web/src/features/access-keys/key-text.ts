import type { enAccessKeys } from '../../i18n/en/access-keys.ts';
import { createSection } from '../../i18n/section.tsx';

export type KeyMessage = keyof typeof enAccessKeys;
export type AccessKeyDictionary = Readonly<Record<KeyMessage, string>>;

const section = createSection<typeof enAccessKeys>({
  en: async () => (await import('../../i18n/en/access-keys.ts')).enAccessKeys,
  fr: async () => (await import('../../i18n/fr/access-keys.ts')).frAccessKeys,
  ko: async () => (await import('../../i18n/ko/access-keys.ts')).koAccessKeys,
});

export const KeyTextProvider = section.Provider;
export const useKeyText = section.useText;
