const LONGEST_MS = 600_000;

/**
 * How long an answer asks its caller to wait, in milliseconds: `retry-after-ms`, else `Retry-After` in seconds or as a
 * date; at most 10 minutes. Undefined where it asks for nothing.
 */
export function readRetryAfterMs(headers: Headers, wallClockMs: number): number | undefined {
  const exact = readNumber(headers.get('retry-after-ms'));
  if (exact !== undefined) return Math.min(exact, LONGEST_MS);
  const text = headers.get('retry-after');
  const seconds = readNumber(text);
  if (seconds !== undefined) return Math.min(seconds * 1_000, LONGEST_MS);
  const date = text === null ? Number.NaN : Date.parse(text);
  return Number.isNaN(date) ? undefined : Math.min(Math.max(0, date - wallClockMs), LONGEST_MS);
}

function readNumber(text: string | null): number | undefined {
  return text !== null && /^\d{1,9}(\.\d{1,6})?$/.test(text.trim()) ? Number(text) : undefined;
}
