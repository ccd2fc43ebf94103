import type { Locale } from '../../i18n/dictionary.ts';

/** A moment on the clocks of a zone: where a budget begins anew at midnight, the reader's own would mislead. */
export function formatInZone(iso: string, timeZone: string, locale: Locale): string {
  const format = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short', timeZone });
  return format.format(new Date(iso));
}
