import type { enShortcuts } from '../../../i18n/en/shortcuts.ts';
import { createSection } from '../../../i18n/section.tsx';

const section = createSection<typeof enShortcuts>({
  en: async () => (await import('../../../i18n/en/shortcuts.ts')).enShortcuts,
  fr: async () => (await import('../../../i18n/fr/shortcuts.ts')).frShortcuts,
  ko: async () => (await import('../../../i18n/ko/shortcuts.ts')).koShortcuts,
});

export const ShortcutTextProvider = section.Provider;
export const useShortcutText = section.useText;
