import type { Clock } from '../src/platform/platform.ts';

/** Lets every promise that can settle do so: one turn of the real event loop. */
export function settle(): Promise<void> {
  return new Promise((resolve) => void setImmediate(resolve));
}

export type FakeClock = Clock & {
  /** Runs what is due within `ms`, in order, letting promises settle before and after each timer. */
  advance(ms: number): Promise<void>;
  readonly pendingTimers: number;
};

export function createFakeClock(startsAt = Date.parse('2026-11-21T12:00:00Z')): FakeClock {
  let elapsedMs = 0;
  const timers = new Set<{ dueMs: number; callback: () => void }>();
  const findDue = (untilMs: number) =>
    [...timers].filter(({ dueMs }) => dueMs <= untilMs).toSorted((a, b) => a.dueMs - b.dueMs)[0];
  return {
    now: () => startsAt + elapsedMs,
    monotonicMs: () => elapsedMs,
    startTimer(ms, callback) {
      const timer = { dueMs: elapsedMs + ms, callback };
      timers.add(timer);
      return () => void timers.delete(timer);
    },
    async advance(ms) {
      const untilMs = elapsedMs + ms;
      await settle();
      for (let due = findDue(untilMs); due; due = findDue(untilMs)) {
        timers.delete(due);
        elapsedMs = due.dueMs;
        due.callback();
        await settle();
      }
      elapsedMs = untilMs;
    },
    get pendingTimers() {
      return timers.size;
    },
  };
}
