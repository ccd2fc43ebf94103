import type { enOverview } from '../../i18n/en/overview.ts';
import { createSection } from '../../i18n/section.tsx';

const section = createSection<typeof enOverview>({
  en: async () => (await import('../../i18n/en/overview.ts')).enOverview,
  fr: async () => (await import('../../i18n/fr/overview.ts')).frOverview,
  ko: async () => (await import('../../i18n/ko/overview.ts')).koOverview,
});

export const OverviewTextProvider = section.Provider;
export const useOverviewText = section.useText;
