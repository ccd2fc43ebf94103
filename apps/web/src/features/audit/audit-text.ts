import type { enAudit } from '../../i18n/en/audit.ts';
import { createSection } from '../../i18n/section.tsx';

const section = createSection<typeof enAudit>({
  en: async () => (await import('../../i18n/en/audit.ts')).enAudit,
  fr: async () => (await import('../../i18n/fr/audit.ts')).frAudit,
  ko: async () => (await import('../../i18n/ko/audit.ts')).koAudit,
});

export const AuditTextProvider = section.Provider;
export const useAuditText = section.useText;
