import type { enAccounts } from '../../i18n/en/accounts.ts';
import { createSection } from '../../i18n/section.tsx';

export type AccountMessage = keyof typeof enAccounts;
export type AccountDictionary = Readonly<Record<AccountMessage, string>>;

const section = createSection<typeof enAccounts>({
  en: async () => (await import('../../i18n/en/accounts.ts')).enAccounts,
  fr: async () => (await import('../../i18n/fr/accounts.ts')).frAccounts,
  ko: async () => (await import('../../i18n/ko/accounts.ts')).koAccounts,
});

export const AccountTextProvider = section.Provider;
export const useAccountText = section.useText;
