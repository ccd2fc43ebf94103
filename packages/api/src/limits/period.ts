import { createBoundedCache } from '../bounded-cache.ts';

export type BudgetPeriod = 'daily' | 'weekly' | 'monthly';

/** Unix milliseconds; the end is the start of the next one. */
export type PeriodBounds = { startMs: number; endMs: number };

type LocalDay = { year: number; month: number; day: number };

const DAY_MS = 86_400_000;
const MAX_ZONES = 600;

/** Making a format costs more than all that is done with it. */
const formats = createBoundedCache<Intl.DateTimeFormat>(MAX_ZONES);

function formatOf(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone);
  if (known !== undefined) return known;
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    calendar: 'gregory',
    numberingSystem: 'latn',
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  formats.set(timeZone, format);
  return format;
}

/** Whether the runtime knows a zone by this IANA name. */
export function isTimeZone(name: string): boolean {
  try {
    formatOf(name);
    return true;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

/** What the clocks of the zone show at that moment, as if it were UTC. */
function toLocalMs(timeZone: string, atMs: number): number {
  const parts: Record<string, number> = {};
  for (const { type, value } of formatOf(timeZone).formatToParts(atMs)) parts[type] = Number(value);
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts;
  return Date.UTC(year, month - 1, day, hour, minute, second);
}

function toLocalDay(localMs: number): LocalDay {
  const date = new Date(localMs);
  return { year: date.getUTCFullYear(), month: date.getUTCMonth(), day: date.getUTCDate() };
}

function offsetAt(timeZone: string, atMs: number): number {
  const wholeMs = Math.floor(atMs / 1_000) * 1_000;
  return toLocalMs(timeZone, wholeMs) - wholeMs;
}

/**
 * The first moment of a local day. Where the clocks skip midnight the day begins later than at 0:00; where they show it
 * twice it begins the first time.
 */
function findDayStart(timeZone: string, { year, month, day }: LocalDay): number {
  const midnightMs = Date.UTC(year, month, day);
  const offsets = [offsetAt(timeZone, midnightMs - DAY_MS), offsetAt(timeZone, midnightMs + DAY_MS)];
  const candidates = offsets.map((offsetMs) => midnightMs - offsetMs).toSorted((a, b) => a - b);
  const [first = midnightMs, second = first] = candidates;
  return toLocalMs(timeZone, first) >= midnightMs ? first : second;
}

const FIRST_DAY: Readonly<Record<BudgetPeriod, (day: LocalDay) => LocalDay>> = {
  daily: (day) => day,
  // Monday, as ISO 8601 has it.
  weekly: ({ year, month, day }) => {
    const weekday = new Date(Date.UTC(year, month, day)).getUTCDay();
    return { year, month, day: day - ((weekday + 6) % 7) };
  },
  monthly: ({ year, month }) => ({ year, month, day: 1 }),
};

const NEXT_FIRST_DAY: Readonly<Record<BudgetPeriod, (first: LocalDay) => LocalDay>> = {
  daily: ({ year, month, day }) => ({ year, month, day: day + 1 }),
  weekly: ({ year, month, day }) => ({ year, month, day: day + 7 }),
  monthly: ({ year, month }) => ({ year, month: month + 1, day: 1 }),
};

/** The day, week (from Monday) or month of that moment on the calendar of an IANA time zone. */
export function periodOf(period: BudgetPeriod, timeZone: string, nowMs: number): PeriodBounds {
  const today = toLocalDay(toLocalMs(timeZone, nowMs));
  const first = FIRST_DAY[period](today);
  return {
    startMs: findDayStart(timeZone, first),
    endMs: findDayStart(timeZone, NEXT_FIRST_DAY[period](first)),
  };
}

/** Of each calendar the period that was asked for last: it holds until it is over. */
const running = createBoundedCache<PeriodBounds>(MAX_ZONES);

/** The same for whoever asks often: a mint does. */
export function runningPeriod(period: BudgetPeriod, timeZone: string, nowMs: number): PeriodBounds {
  const name = `${period} ${timeZone}`;
  const known = running.get(name);
  if (known !== undefined && known.startMs <= nowMs && nowMs < known.endMs) return known;
  const bounds = periodOf(period, timeZone, nowMs);
  running.set(name, bounds);
  return bounds;
}
