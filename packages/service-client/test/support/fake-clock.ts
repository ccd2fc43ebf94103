import type { Clock } from '../../src/runtime.ts';

/** Lets every promise that can settle do so: some turns of the real event loop. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 4; turn += 1) await new Promise((resolve) => void setImmediate(resolve));
}

export type FakeClock = Clock & {
  /** Runs what is due within `ms`, in order, letting promises settle before and after each timer. */
  advance: (ms: number) => Promise<void>;
  pendingTimers: () => number;
};

export function createFakeClock(): FakeClock {
  let nowMs = 1_000_000;
  const timers = new Set<{ dueMs: number; callback: () => void }>();
  const findDue = (untilMs: number) =>
    [...timers].filter(({ dueMs }) => dueMs <= untilMs).toSorted((a, b) => a.dueMs - b.dueMs)[0];
  return {
    now: () => nowMs,
    startTimer(ms, callback) {
      const timer = { dueMs: nowMs + ms, callback };
      timers.add(timer);
      return () => void timers.delete(timer);
    },
    async advance(ms) {
      const untilMs = nowMs + ms;
      await settle();
      for (let due = findDue(untilMs); due; due = findDue(untilMs)) {
        timers.delete(due);
        nowMs = due.dueMs;
        due.callback();
        await settle();
      }
      nowMs = untilMs;
    },
    pendingTimers: () => timers.size,
  };
}
