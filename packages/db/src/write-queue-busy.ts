/** SQLite's word for a lock that another process holds. A statement that ends so has done nothing. */
export function isBusy(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' && code.startsWith('SQLITE_BUSY');
}

export type BusyRetryOptions = {
  now: () => number;
  sleep: (ms: number) => Promise<void>;
  /** From 0 to 1, as `Math.random`. */
  random: () => number;
};

export type BusyRetry = <Result>(run: () => Result | Promise<Result>) => Promise<Result>;

/** How long a lock is waited for in all. */
const PATIENCE_MS = 5_000;
const FIRST_PAUSE_MS = 2;
const LONGEST_PAUSE_MS = 100;
const GROWTH = 1.6;

/**
 * Runs it again while the database is locked, with the event loop free in between: the driver's own way of waiting
 * stops the whole process. What it runs must have no effect where it ends in SQLITE_BUSY.
 */
export function createBusyRetry({ now, sleep, random }: BusyRetryOptions): BusyRetry {
  return async (run) => {
    let endsAtMs: number | null = null;
    for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(pauseMs * GROWTH, LONGEST_PAUSE_MS)) {
      try {
        return await run();
      } catch (error) {
        if (!isBusy(error)) throw error;
        endsAtMs ??= now() + PATIENCE_MS;
        if (now() + pauseMs > endsAtMs) throw error;
      }
      // They differ, so that processes that collided do not meet again.
      await sleep(pauseMs * (0.5 + random() / 2));
    }
  };
}
