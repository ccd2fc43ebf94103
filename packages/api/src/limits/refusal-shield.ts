import { createBoundedCache } from '../bounded-cache.ts';
import type { AppError } from '../errors.ts';
import { rateLimited } from './explain-refusal.ts';

type Caller = { ownerId: string; address: string | null; nowMs: number; windowSinceMs: number };

/**
 * Spares the database a flood of the same refusal: for a second a caller that was over its rate is told the same again.
 * A cache: who is let through is decided by the database alone.
 */
export type RefusalShield = {
  find: (caller: Caller) => AppError | null;
  /** Of `rate_limited` alone: no other refusal holds for any time. */
  learn: (caller: Caller, refusal: AppError) => void;
  /** Whether another refusal of this caller may still be written down in this minute. */
  takeAudit: (caller: Pick<Caller, 'ownerId' | 'nowMs'>) => boolean;
};

const SHIELD_MS = 1_000;
const MINUTE_MS = 60_000;
const MAX_CALLERS = 10_000;

function nameOf({ ownerId, address }: Caller): string {
  return `${address ?? ''} ${ownerId}`;
}

export function createRefusalShield(auditsPerMinute: number): RefusalShield {
  const known = createBoundedCache<{ refusal: AppError; atMs: number }>(MAX_CALLERS);
  const audits = createBoundedCache<{ startMs: number; count: number }>(MAX_CALLERS);
  return {
    find: (caller) => {
      const entry = known.get(nameOf(caller));
      const rateLimit = entry?.refusal.details.rateLimit;
      if (entry === undefined || rateLimit === undefined) return null;
      const ageMs = caller.nowMs - entry.atMs;
      const leftMs = rateLimit.resetSeconds * 1_000 - ageMs;
      // Also when the clock was set back: nobody is locked out by a time that is not now.
      if (entry.atMs < caller.windowSinceMs) return null;
      if (ageMs < 0 || ageMs >= SHIELD_MS || leftMs <= SHIELD_MS) return null;
      return rateLimited({ ...rateLimit, resetSeconds: Math.ceil(leftMs / 1_000) });
    },
    learn: (caller, refusal) => {
      known.set(nameOf(caller), { refusal, atMs: caller.nowMs });
    },
    takeAudit: ({ ownerId, nowMs }) => {
      const startMs = nowMs - (nowMs % MINUTE_MS);
      const entry = audits.get(ownerId);
      if (entry === undefined || entry.startMs !== startMs) {
        audits.set(ownerId, { startMs, count: 1 });
        return true;
      }
      entry.count += 1;
      // One more, which says that there are more.
      return entry.count <= auditsPerMinute + 1;
    },
  };
}
