import { CliError, EXIT } from './cli-error.ts';

const UNIT_SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3_600, d: 86_400 };
const LONGEST_SECONDS = 604_800;

/** `90s`, `15m`, `2h`, `7d`, or plain seconds; at most seven days. */
export function parseSeconds(name: string, text: string): number {
  const match = /^(\d{1,6})([smhd]?)$/.exec(text);
  const seconds =
    match === null ? Number.NaN : Number(match[1]) * (UNIT_SECONDS[match[2] || 's'] ?? Number.NaN);
  if (seconds <= LONGEST_SECONDS) return seconds;
  throw new CliError(EXIT.usage, `--${name} must be a time such as 90s, 15m, 2h or 7d (at most 7d).`);
}

/** `in 40 s`, `3 min ago`: as exact as a person needs it. */
export function formatWhen(iso: string | null, nowMs: number): string {
  if (iso === null) return '–';
  const differenceMs = Date.parse(iso) - nowMs;
  const size = formatSize(Math.abs(differenceMs) / 1_000);
  return differenceMs > 0 ? `in ${size}` : `${size} ago`;
}

function formatSize(seconds: number): string {
  if (seconds < 100) return `${Math.round(seconds)} s`;
  if (seconds < 6_000) return `${Math.round(seconds / 60)} min`;
  return seconds < 172_800 ? `${Math.round(seconds / 3_600)} h` : `${Math.round(seconds / 86_400)} d`;
}
