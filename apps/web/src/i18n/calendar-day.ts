/** Whose days are meant: the reader's own, or those of UTC. */
export type Zone = 'local' | 'utc';

const DAY_MS = 86_400_000;
const DAY = /^(\d{4})-(\d{2})-(\d{2})$/;

/** `2026-11-22` if it is a day that exists. */
export function parseDay(value: unknown): string | null {
  if (typeof value !== 'string' || !DAY.test(value)) return null;
  const at = new Date(`${value}T00:00:00Z`);
  return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(value) ? value : null;
}

export function addDays(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10);
}

/** Both ends included. */
export function countDays(from: string, to: string): number {
  return Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / DAY_MS) + 1;
}

/** The day that it is now, by UTC or by the reader's own clock. */
export function dayOf(at: Date, zone: Zone): string {
  if (zone === 'utc') return at.toISOString().slice(0, 10);
  const [year, month, day] = [at.getFullYear(), at.getMonth() + 1, at.getDate()];
  return [String(year).padStart(4, '0'), ...[month, day].map((part) => String(part).padStart(2, '0'))].join(
    '-',
  );
}

/** Its first moment. A day of one's own may be an hour shorter or longer than others. */
export function startOfDay(day: string, zone: Zone): Date {
  return new Date(zone === 'utc' ? `${day}T00:00:00Z` : `${day}T00:00:00`);
}
