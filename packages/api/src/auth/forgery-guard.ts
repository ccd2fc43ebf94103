import { createBoundedCache } from '../bounded-cache.ts';
import type { Clock } from '../context.ts';
import { AppError } from '../errors.ts';

/** Checking a signature is the dearest part of a refusal: an address that sends one wrong token after the other waits. */
export type ForgeryGuard = {
  /** Throws `rate_limited` where the address has used up its second. */
  check: (address: string | null | undefined) => void;
  /** One more that was not genuine. */
  note: (address: string | null | undefined) => void;
};

const SECOND_MS = 1_000;
const MAX_ADDRESSES = 10_000;

export function createForgeryGuard(maxPerSecond: number, clock: Clock): ForgeryGuard {
  const seen = createBoundedCache<{ second: number; count: number }>(MAX_ADDRESSES);
  // One for all: what a refusal costs is what this is about, and its stack tells nobody anything.
  const refusal = new AppError(
    'rate_limited',
    'Too many wrong tokens came from this address: try again in a moment.',
    { details: { retryAfterSeconds: 1 } },
  );
  const currentSecond = (): number => Math.floor(clock.now() / SECOND_MS);
  return {
    check: (address) => {
      const entry = address == null ? undefined : seen.get(address);
      if (entry === undefined || entry.second !== currentSecond() || entry.count < maxPerSecond) return;
      throw refusal;
    },
    note: (address) => {
      if (address == null) return;
      const second = currentSecond();
      const entry = seen.get(address);
      if (entry === undefined || entry.second !== second) seen.set(address, { second, count: 1 });
      else entry.count += 1;
    },
  };
}
