import { AppError } from '../errors.ts';

export type Gate = <T>(work: () => Promise<T>) => Promise<T>;

/**
 * At most `maxRunning` at once, at most `maxWaiting` behind them. Password hashes share libuv's four threads with
 * WebCrypto: with more than two running, every signature check in the process waits for them.
 */
export function createGate(maxRunning: number, maxWaiting: number): Gate {
  let running = 0;
  const waiting: (() => void)[] = [];

  async function enter(): Promise<void> {
    if (running < maxRunning) {
      running += 1;
      return;
    }
    if (waiting.length >= maxWaiting) {
      throw new AppError('rate_limited', 'Too many sign-ins at once.', { details: { retryAfterSeconds: 1 } });
    }
    await new Promise<void>((resolve) => waiting.push(resolve));
  }

  function leave(): void {
    const next = waiting.shift();
    // The place goes straight to the next one, so a newcomer cannot slip in between.
    if (next === undefined) running -= 1;
    else next();
  }

  return async (work) => {
    await enter();
    try {
      return await work();
    } finally {
      leave();
    }
  };
}
