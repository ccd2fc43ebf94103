import { RATE_WINDOW_MS } from './rate-window.ts';

export type ClockWatch = {
  /** The earliest moment at which a window that is running now may have begun. */
  windowSince: (nowMs: number) => number;
};

/** Both clocks are read one after the other and in whole milliseconds. */
const TOLERANCE_MS = 100;

/**
 * Notices by the time that really passes (`uptimeMs`, on any origin) that the clock was set back. A window from before
 * that has no end any more that could be told, so it counts as over: a caller gets a new one rather than waiting twice.
 */
export function createClockWatch(uptimeMs: () => number): ClockWatch {
  let aheadMs = Number.NEGATIVE_INFINITY;
  let setBackAtMs = Number.NEGATIVE_INFINITY;
  return {
    windowSince: (nowMs) => {
      const seenMs = nowMs - uptimeMs();
      if (seenMs < aheadMs - TOLERANCE_MS) {
        setBackAtMs = nowMs;
        aheadMs = seenMs;
      } else if (seenMs > aheadMs) aheadMs = seenMs;
      return Math.max(nowMs - RATE_WINDOW_MS + 1, setBackAtMs);
    },
  };
}
