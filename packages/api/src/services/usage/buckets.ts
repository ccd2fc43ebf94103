import { periodOf } from '../../limits/period.ts';

export type Interval = 'hour' | 'day' | 'month';

const HOUR_MS = 3_600_000;
export const MAX_BUCKETS = 400;

export type Buckets = {
  /** Unix milliseconds, rising. */
  starts: readonly number[];
  /** Of the last one. */
  endMs: number;
};

type Span = { fromMs: number; toMs: number; interval: Interval; timeZone: string };

function boundsOf({ interval, timeZone }: Span, atMs: number): { startMs: number; endMs: number } {
  if (interval !== 'hour') return periodOf(interval === 'day' ? 'daily' : 'monthly', timeZone, atMs);
  const startMs = Math.floor(atMs / HOUR_MS) * HOUR_MS;
  return { startMs, endMs: startMs + HOUR_MS };
}

/**
 * The whole hours, days or months of the zone's calendar that a span touches; null if they are too many. Hours are UTC's
 * own, also where the clocks are half an hour off.
 */
export function listBuckets(span: Span): Buckets | null {
  const starts: number[] = [];
  let { startMs, endMs } = boundsOf(span, span.fromMs);
  for (;;) {
    starts.push(startMs);
    if (endMs >= span.toMs) return { starts, endMs };
    if (starts.length === MAX_BUCKETS) return null;
    ({ startMs, endMs } = boundsOf(span, endMs));
  }
}

/** Which bucket a moment is in; the first one for those before it. */
export function bucketIndex(starts: readonly number[], atMs: number): number {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((starts[middle] ?? 0) <= atMs) low = middle;
    else high = middle - 1;
  }
  return low;
}
