import type { Formatters } from './format.ts';

/** A time of today by the clock alone, any other with its date. */
export function formatMoment(
  at: Date,
  now: Date,
  format: Pick<Formatters, 'time' | 'dateTimeShort'>,
): string {
  return at.toDateString() === now.toDateString() ? format.time(at) : format.dateTimeShort(at);
}
