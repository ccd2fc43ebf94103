import type { Clock } from '../platform/platform.ts';

/** Runs `action` every `ms` until the result is called; timers do not pile up when the device sleeps. */
export function repeat(clock: Clock, ms: number, action: () => void): () => void {
  let cancel = clock.startTimer(ms, tick);
  return () => cancel();

  function tick(): void {
    cancel = clock.startTimer(ms, tick);
    action();
  }
}
