import type { Clock } from '../../src/runtime.ts';

export type StepClock = Clock & {
  /** Waits until a timer of exactly so many milliseconds has been started, and lets it be over. */
  fire: (ms: number) => Promise<void>;
  pass: (ms: number) => void;
  /** Of all timers that have been started. */
  started: readonly number[];
};

const PATIENCE_MS = 10_000;

/** Time that stands still until a test says which timer is over: real cryptography takes a while of its own. */
export function createStepClock(): StepClock {
  let nowMs = Date.now();
  const timers = new Set<{ ms: number; callback: () => void }>();
  const started: number[] = [];
  return {
    started,
    now: () => nowMs,
    pass: (ms) => {
      nowMs += ms;
    },
    startTimer(ms, callback) {
      const timer = { ms, callback };
      timers.add(timer);
      started.push(ms);
      return () => void timers.delete(timer);
    },
    async fire(ms) {
      const untilMs = performance.now() + PATIENCE_MS;
      for (;;) {
        const timer = [...timers].find((it) => it.ms === ms);
        if (timer !== undefined) {
          timers.delete(timer);
          nowMs += ms;
          timer.callback();
          return;
        }
        if (performance.now() > untilMs) {
          throw new Error(`no timer of ${ms} ms, but of ${[...timers].map((it) => it.ms).join(', ')}`);
        }
        await new Promise((resolve) => void setTimeout(resolve, 1));
      }
    },
  };
}
