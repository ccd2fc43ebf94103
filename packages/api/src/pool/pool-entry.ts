import type { ProviderKey } from '../providers/provider-keys.ts';
import type { KeyHealth } from './key-health.ts';

/** What this process knows about one key. A cache of its row, and the counts that only memory needs. */
export type PoolEntry = {
  id: string;
  name: string;
  limitDomain: string | null;
  weight: number;
  /** Null where the secret is not to be had here: the key is never picked. */
  key: ProviderKey | null;
  health: KeyHealth;
  drainAtMs: number | null;
  /** Somebody holds the half-open probe until then. */
  probeUntilMs: number;
  /** Of this hour, by all processes as of the last look, and by this one since. */
  uses: number;
  openSessions: number;
  inFlight: number;
  /** What a key that was away is lent, lest it gets every request until it has caught up. */
  lentUses: number;
  wasUsable: boolean;
  /** Recent errors; halves every minute. As of `errorsAtMs`. */
  errors: number;
  errorsAtMs: number;
  failuresInRow: number;
  lastSuccessAtMs: number;
  /** Changes that are not committed yet: until they are, the row knows less than this entry. */
  pendingWrites: number;
  /** When it changed last, counted in changes of the pool. */
  changedAt: number;
};

const HALF_LIFE_MS = 60_000;

export function recentErrors(entry: PoolEntry, nowMs: number): number {
  if (entry.errors === 0) return 0;
  return entry.errors * 2 ** ((entry.errorsAtMs - nowMs) / HALF_LIFE_MS);
}

export function addError(entry: PoolEntry, nowMs: number): void {
  entry.errors = recentErrors(entry, nowMs) + 1;
  entry.errorsAtMs = nowMs;
}
