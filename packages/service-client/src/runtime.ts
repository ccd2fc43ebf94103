/** Time as a parameter. */
export interface Clock {
  /** Milliseconds since the epoch that, once started, never run backwards. */
  now(): number;
  /**
   * Runs `callback` once after `ms`; the result cancels it. `isBackground`: where the platform can tell them apart, this
   * timer alone does not keep the process alive.
   */
  startTimer(ms: number, callback: () => void, isBackground?: boolean): () => void;
}

/** What the client takes from its surroundings; web APIs by default, so Node, Workers, Bun and Deno need nothing. */
export type Runtime = {
  fetch: typeof fetch;
  clock: Clock;
  /** A new unguessable id for each report. */
  randomId: () => string;
  /** From 0 up to 1, for the jitter of retries. */
  random: () => number;
  /** Told of work that goes on after a call has returned, for hosts that otherwise stop it (Workers). */
  waitUntil: (work: Promise<unknown>) => void;
};

function hasUnref(timer: unknown): timer is { unref: () => void } {
  return typeof timer === 'object' && timer !== null && 'unref' in timer && typeof timer.unref === 'function';
}

const systemClock: Clock = {
  now: () => performance.timeOrigin + performance.now(),
  startTimer(ms, callback, isBackground = false) {
    const timer = setTimeout(callback, ms);
    if (isBackground && hasUnref(timer)) timer.unref();
    return () => {
      clearTimeout(timer);
    };
  },
};

export function createRuntime(given: Partial<Runtime>): Runtime {
  return {
    fetch: given.fetch ?? ((input, init) => globalThis.fetch(input, init)),
    clock: given.clock ?? systemClock,
    randomId: given.randomId ?? (() => crypto.randomUUID()),
    random: given.random ?? (() => Math.random()),
    waitUntil: given.waitUntil ?? (() => undefined),
  };
}

/** What `work` resolves to, or `'expired'` after `ms`. The loser is left to itself. */
export async function raceDeadline<T>(clock: Clock, ms: number, work: Promise<T>): Promise<T | 'expired'> {
  const { promise, resolve } = Promise.withResolvers<'expired'>();
  const cancel = clock.startTimer(ms, () => {
    resolve('expired');
  });
  try {
    return await Promise.race([work, promise]);
  } finally {
    cancel();
  }
}
