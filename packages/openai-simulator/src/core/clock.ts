export type Timer = { cancel(): void };

/** Time as the sessions see it: milliseconds on any monotonic origin. */
export interface Clock {
  nowMs(): number;
  after(delayMs: number, run: () => void): Timer;
}

export function createSystemClock(): Clock {
  return {
    nowMs: () => performance.now(),
    after(delayMs, run) {
      const timer = setTimeout(run, delayMs);
      return { cancel: () => clearTimeout(timer) };
    },
  };
}
