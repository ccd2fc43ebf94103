import type { enWelcome } from '../../i18n/en/welcome.ts';
import { createSection } from '../../i18n/section.tsx';

const section = createSection<typeof enWelcome>({
  en: async () => (await import('../../i18n/en/welcome.ts')).enWelcome,
  fr: async () => (await import('../../i18n/fr/welcome.ts')).frWelcome,
  ko: async () => (await import('../../i18n/ko/welcome.ts')).koWelcome,
});

export const WelcomeTextProvider = section.Provider;
export const useWelcomeText = section.useText;
