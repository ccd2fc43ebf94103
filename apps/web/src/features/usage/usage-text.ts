import type { enUsage } from '../../i18n/en/usage.ts';
import { createSection } from '../../i18n/section.tsx';

const section = createSection<typeof enUsage>({
  en: async () => (await import('../../i18n/en/usage.ts')).enUsage,
  fr: async () => (await import('../../i18n/fr/usage.ts')).frUsage,
  ko: async () => (await import('../../i18n/ko/usage.ts')).koUsage,
});

export const UsageTextProvider = section.Provider;
export const useUsageText = section.useText;
