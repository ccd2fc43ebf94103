import type { enSessions } from '../../i18n/en/sessions.ts';
import { createSection } from '../../i18n/section.tsx';

export type SessionMessage = keyof typeof enSessions;
export type SessionDictionary = Readonly<Record<SessionMessage, string>>;

const section = createSection<typeof enSessions>({
  en: async () => (await import('../../i18n/en/sessions.ts')).enSessions,
  fr: async () => (await import('../../i18n/fr/sessions.ts')).frSessions,
  ko: async () => (await import('../../i18n/ko/sessions.ts')).koSessions,
});

export const SessionTextProvider = section.Provider;
export const useSessionText = section.useText;
