import type { Locale } from './dictionary.ts';

export type Formatters = {
  integer: (value: number) => string;
  /** One digit after the point where it tells something. */
  decimal: (value: number) => string;
  /** `1.2M`, for axes. */
  compact: (value: number) => string;
  percent: (ratio: number) => string;
  /** With its sign: how something has changed. */
  signedPercent: (ratio: number) => string;
  /** Whole milliseconds below a second, then seconds with two digits. */
  milliseconds: (ms: number) => string;
  seconds: (seconds: number) => string;
  usd: (amount: number) => string;
  date: (value: Date) => string;
  dateTime: (value: Date) => string;
  time: (value: Date) => string;
  /** For axes and narrow cells: hour and minute, month and day, or both. */
  timeShort: (value: Date) => string;
  dateShort: (value: Date) => string;
  dateTimeShort: (value: Date) => string;
  relative: (value: Date, now: Date) => string;
  /** `3 min 07 s` in words of the language: seconds that are over, as a clock shows them. */
  duration: (seconds: number) => string;
};

/** Each with the next smaller one: what is 24 hours when it is rounded to hours is a day. */
const RELATIVE_UNITS = [
  ['day', 86_400, 3_600],
  ['hour', 3_600, 60],
  ['minute', 60, 1],
] as const;

/** `m:ss`, or `h:mm:ss` from an hour on: the same in every language. */
export function formatClock(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const hours = Math.floor(whole / 3_600);
  const minutes = Math.floor((whole % 3_600) / 60);
  const rest = String(whole % 60).padStart(2, '0');
  return hours > 0 ? `${hours}:${String(minutes).padStart(2, '0')}:${rest}` : `${minutes}:${rest}`;
}

function createUnitFormatter(locale: Locale, unit: string, fractionDigits: number): Intl.NumberFormat {
  return new Intl.NumberFormat(locale, {
    style: 'unit',
    unit,
    unitDisplay: 'short',
    minimumFractionDigits: fractionDigits,
    maximumFractionDigits: fractionDigits,
  });
}

function createRelative(locale: Locale): Formatters['relative'] {
  const format = new Intl.RelativeTimeFormat(locale, { numeric: 'auto', style: 'long' });
  return (value, now) => {
    const seconds = (value.getTime() - now.getTime()) / 1_000;
    for (const [unit, size, smaller] of RELATIVE_UNITS) {
      const isThatLong = Math.round(Math.abs(seconds) / smaller) * smaller >= size;
      if (isThatLong) return format.format(Math.round(seconds / size), unit);
    }
    return format.format(0, 'second');
  };
}

function createDuration(locale: Locale): Formatters['duration'] {
  const hour = createUnitFormatter(locale, 'hour', 0);
  const minute = createUnitFormatter(locale, 'minute', 0);
  const second = createUnitFormatter(locale, 'second', 0);
  return (seconds) => {
    const whole = Math.max(0, Math.floor(seconds));
    const hours = Math.floor(whole / 3_600);
    const minutes = Math.floor((whole % 3_600) / 60);
    const parts = [
      hours > 0 ? hour.format(hours) : '',
      minutes > 0 ? minute.format(minutes) : '',
      hours === 0 && (whole % 60 > 0 || whole === 0) ? second.format(whole % 60) : '',
    ];
    return parts.filter((part) => part !== '').join(' ');
  };
}

/** The smaller an amount, the more of its digits tell something: at least four below a cent. */
function createUsd(locale: Locale): Formatters['usd'] {
  const create = (least: number, most: number) =>
    new Intl.NumberFormat(locale, {
      style: 'currency',
      currency: 'USD',
      currencyDisplay: 'narrowSymbol',
      minimumFractionDigits: least,
      maximumFractionDigits: most,
    });
  const [regular, cents, small, tiny] = [create(2, 2), create(2, 3), create(4, 4), create(4, 6)];
  return (amount) => {
    const size = Math.abs(amount);
    if (size >= 1 || size === 0) return regular.format(amount);
    if (size >= 0.01) return cents.format(amount);
    return (size >= 0.001 ? small : tiny).format(amount);
  };
}

/** Everything that a language writes in its own way; money stays US dollars. */
export function createFormatters(locale: Locale): Formatters {
  const integer = new Intl.NumberFormat(locale, { maximumFractionDigits: 0 });
  const decimal = new Intl.NumberFormat(locale, { maximumFractionDigits: 1 });
  const compact = new Intl.NumberFormat(locale, { notation: 'compact', maximumFractionDigits: 1 });
  const signedPercent = new Intl.NumberFormat(locale, {
    style: 'percent',
    maximumFractionDigits: 0,
    signDisplay: 'exceptZero',
  });
  const percent = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 1 });
  const ms = createUnitFormatter(locale, 'millisecond', 0);
  const seconds = createUnitFormatter(locale, 'second', 2);
  const date = new Intl.DateTimeFormat(locale, { dateStyle: 'long' });
  const dateTime = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'medium' });
  const time = new Intl.DateTimeFormat(locale, { timeStyle: 'medium' });
  const clock = { hour: 'numeric', minute: '2-digit' } as const;
  const day = { month: 'short', day: 'numeric' } as const;
  const timeShort = new Intl.DateTimeFormat(locale, clock);
  const dateShort = new Intl.DateTimeFormat(locale, day);
  const dateTimeShort = new Intl.DateTimeFormat(locale, { ...day, ...clock });
  return {
    integer: (value) => integer.format(value),
    decimal: (value) => decimal.format(value),
    compact: (value) => compact.format(value),
    signedPercent: (ratio) => signedPercent.format(ratio),
    percent: (ratio) => percent.format(ratio),
    milliseconds: (value) => (value < 1_000 ? ms.format(Math.round(value)) : seconds.format(value / 1_000)),
    seconds: (value) => seconds.format(value),
    usd: createUsd(locale),
    date: (value) => date.format(value),
    dateTime: (value) => dateTime.format(value),
    time: (value) => time.format(value),
    timeShort: (value) => timeShort.format(value),
    dateShort: (value) => dateShort.format(value),
    dateTimeShort: (value) => dateTimeShort.format(value),
    relative: createRelative(locale),
    duration: createDuration(locale),
  };
}
