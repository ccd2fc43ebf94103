import type { Clock } from '../platform/platform.ts';

type TimeLimitOptions = {
  clock: Clock;
  /** How long before the end to warn. */
  warnSeconds: number;
  onAlmostUp: (remainingSeconds: number) => void;
  onUp: () => void;
};

/** The broker's time limit of a running call, as it was told last. */
export type TimeLimit = {
  update(remainingSeconds: number): void;
  stop(): void;
};

export function createTimeLimit({ clock, warnSeconds, onAlmostUp, onUp }: TimeLimitOptions): TimeLimit {
  let stopTimers: (() => void)[] = [];
  let isWarned = false;

  const stop = () => {
    for (const stopTimer of stopTimers) stopTimer();
    stopTimers = [];
  };

  const warnOf = (seconds: number) => {
    if (isWarned) return;
    isWarned = true;
    onAlmostUp(seconds);
  };

  return {
    stop,
    update(remainingSeconds) {
      stop();
      // A limit that was prolonged is warned of again.
      if (remainingSeconds > warnSeconds) isWarned = false;
      const warnInMs = (remainingSeconds - warnSeconds) * 1_000;
      stopTimers.push(clock.startTimer(remainingSeconds * 1_000, onUp));
      if (warnInMs > 0) stopTimers.push(clock.startTimer(warnInMs, () => warnOf(warnSeconds)));
      else if (remainingSeconds > 0) warnOf(remainingSeconds);
    },
  };
}
