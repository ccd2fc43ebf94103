import type { Clock } from '../../context.ts';
import { AppError } from '../../errors.ts';
import { ADMITTED_MS } from '../../limits/admission-statements.ts';

/** How many mints one process has under way. */
export type MintGate = {
  /** Throws `unavailable` where too many are under way, for who wants to know before there is any work. */
  check: () => void;
  /** Runs the work, or throws `unavailable` at once where too many are under way. */
  run: <Result>(work: () => Promise<Result>) => Promise<Result>;
};

type Entry = { sinceMs: number };

/**
 * Beyond what a process gets done, a queue only makes everybody wait longer than they are willing to: who comes too
 * many is sent away at once, before anything is read or written for them.
 */
export function createMintGate(maxInFlight: number, clock: Clock): MintGate {
  const underWay = new Set<Entry>();

  /** On Workers a request that is cut off never comes back to say so. */
  function dropLost(): void {
    const [oldest] = underWay;
    if (oldest !== undefined && Math.abs(clock.now() - oldest.sinceMs) > ADMITTED_MS) underWay.delete(oldest);
  }

  function check(): void {
    if (underWay.size >= maxInFlight) dropLost();
    if (underWay.size < maxInFlight) return;
    throw new AppError('unavailable', 'Too many mints are under way here: try again in a moment.', {
      details: { retryAfterSeconds: 1 },
    });
  }

  return {
    check,
    run: async (work) => {
      check();
      const entry = { sinceMs: clock.now() };
      underWay.add(entry);
      try {
        return await work();
      } finally {
        underWay.delete(entry);
      }
    },
  };
}
