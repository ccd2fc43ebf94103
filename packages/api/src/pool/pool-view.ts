import { AppError, describeError } from '../errors.ts';
import { createHousekeeping } from './housekeeping.ts';
import type { AcquireOptions } from './key-pool.ts';
import { createKeyReader } from './key-reader.ts';
import type { KeyReaderOptions, KeyReaderParts } from './key-reader.ts';

/** Looked at again after this, beside the requests. */
const STALE_MS = 1_000;
/** Nobody is served from a view older than this without a look: another process may have disabled a key. */
const TOO_OLD_MS = 2_000;
/** How long one caller is trusted to be looking for the others, and how long all go on as they are after a failure. */
const LEASE_MS = 2_000;

/** Keeps the entries as fresh as their rows, at no cost to a request that comes within a second of another. */
export type PoolView = {
  /** Null when the entries may be used at once; else what to wait for. Rejects where nothing could ever be read. */
  prepare: (waitUntil: AcquireOptions['waitUntil']) => Promise<void> | null;
  /** Before a caller is told that there is nothing: null where the entries are fresh, else what to wait for. */
  lookAgain: () => Promise<void> | null;
  invalidate: () => void;
};

/** A clock that was set back must not keep an old view. */
function readAge(readAtMs: number | null, nowMs: number): number {
  return readAtMs === null ? TOO_OLD_MS : Math.abs(nowMs - readAtMs);
}

export function createPoolView(options: KeyReaderOptions, parts: KeyReaderParts): PoolView {
  const { clock, logger } = options;
  const reader = createKeyReader(options, parts);
  const keepHouse = createHousekeeping(options);
  let isLoaded = false;
  /** Null: what was read is known to be outdated. */
  let readAtMs: number | null = null;
  let leaseUntilMs = 0;
  /** A look that began before the rows changed does not count as one. */
  let outdatedUpTo = 0;

  async function refresh(): Promise<void> {
    const number = await reader.read();
    isLoaded = true;
    if (number !== null && number > outdatedUpTo) readAtMs = clock.now();
  }

  async function load(): Promise<void> {
    try {
      await refresh();
    } catch (cause) {
      throw new AppError('unavailable', 'The provider keys cannot be read at the moment.', { cause });
    }
  }

  function noteFailure(error: unknown): void {
    leaseUntilMs = clock.now() + LEASE_MS;
    const { provider } = parts;
    logger.warn('provider_keys.not_refreshed', { provider, error: describeError(error) });
  }

  async function refreshQuietly(): Promise<void> {
    try {
      await refresh();
      leaseUntilMs = 0;
    } catch (error) {
      noteFailure(error);
    }
  }

  /** On Workers the database is far away, and the caller need not wait for what is no concern of theirs. */
  async function catchUp(waitUntil?: AcquireOptions['waitUntil']): Promise<void> {
    const housekeeping = keepHouse();
    waitUntil?.(housekeeping);
    await refreshQuietly();
    if (waitUntil === undefined) await housekeeping;
  }

  return {
    prepare: (waitUntil) => {
      if (!isLoaded) return load();
      const nowMs = clock.now();
      const ageMs = readAge(readAtMs, nowMs);
      // A clock that was set back must not keep an old lease either.
      const isLeased = leaseUntilMs > nowMs && leaseUntilMs <= nowMs + LEASE_MS;
      if (ageMs < STALE_MS || isLeased) return null;
      if (ageMs >= TOO_OLD_MS) return catchUp(waitUntil);
      leaseUntilMs = nowMs + LEASE_MS;
      const work = catchUp();
      waitUntil?.(work);
      return null;
    },
    lookAgain: () => (readAge(readAtMs, clock.now()) < STALE_MS ? null : refreshQuietly()),
    invalidate: () => {
      outdatedUpTo = reader.started();
      readAtMs = null;
      leaseUntilMs = 0;
    },
  };
}
