import type { Clock } from '../runtime.ts';

/** What `work` settles to, or the signal's reason as soon as it is aborted. The loser is left to itself. */
export async function untilAborted<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return await work;
  // Whoever gave up hears no more of it.
  work.catch(() => undefined);
  signal.throwIfAborted();
  const { promise, reject } = Promise.withResolvers<never>();
  const onAbort = (): void => {
    // oxlint-disable-next-line typescript/prefer-promise-reject-errors -- because whoever aborts says with what
    reject(signal.reason);
  };
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    return await Promise.race([work, promise]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}

/** Resolves after `ms`; rejects with the signal's reason as soon as it is aborted. */
export async function pause(clock: Clock, ms: number, signal: AbortSignal | undefined): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const cancel = clock.startTimer(ms, resolve);
  try {
    await untilAborted(promise, signal);
  } finally {
    cancel();
  }
}

/** Both, or the one that there is. */
export function joinSignals(own: AbortSignal, given: AbortSignal | undefined): AbortSignal {
  return given === undefined ? own : AbortSignal.any([own, given]);
}

export type Backoff = { firstMs: number; longestMs: number; random: () => number };

/** Doubled with each failure, from half of it to all of it, so that many clients do not come back at once. */
export function chooseBackoffMs({ firstMs, longestMs, random }: Backoff, failures: number): number {
  const whole = Math.min(firstMs * 2 ** Math.max(0, failures - 1), longestMs);
  return whole * (0.5 + random() / 2);
}
