import type { ProviderKey } from '../providers/provider-keys.ts';
import type { KeyHealth } from './key-health.ts';
import type { StoredKey } from './load-keys.ts';

/** What this process knows about one key: a cache of its row, and the counts that memory alone needs. */
export type PoolEntry = {
  readonly id: string;
  name: string;
  limitDomain: string | null;
  weight: number;
  /** Null where the secret is not to be had here: the key is never picked. */
  key: ProviderKey | null;
  health: KeyHealth;
  drainAtMs: number | null;
  /** Somebody holds the half-open probe until then. */
  probeUntilMs: number;
  /** In this hour: by all processes as far as they are counted, and by this one since. Never less than before. */
  uses: number;
  lentUses: number;
  openSessions: number;
  inFlight: number;
  wasUsable: boolean;
  /** Recent errors, as of `errorsAtMs`: they halve every minute. */
  errors: number;
  errorsAtMs: number;
  failuresInRow: number;
  lastSuccessAtMs: number;
  /** Changes that are not committed yet: until they are, the row knows less than this entry. */
  pendingWrites: number;
  /** When whoever had to commit them must have died. */
  pendingUntilMs: number;
  /** The number of its last change among all changes of the pool. */
  changedAt: number;
};

export function createEntry({ id, name, limitDomain, weight, health, ...row }: StoredKey): PoolEntry {
  return {
    id,
    name,
    limitDomain,
    weight,
    key: null,
    health,
    drainAtMs: row.drainAtMs,
    probeUntilMs: row.probeUntilMs,
    uses: row.uses,
    lentUses: 0,
    openSessions: row.openSessions,
    inFlight: 0,
    wasUsable: false,
    errors: 0,
    errorsAtMs: 0,
    failuresInRow: 0,
    lastSuccessAtMs: 0,
    pendingWrites: 0,
    pendingUntilMs: 0,
    changedAt: 0,
  };
}

const HALF_LIFE_MS = 60_000;

export function recentErrors(entry: PoolEntry, nowMs: number): number {
  if (entry.errors === 0) return 0;
  return entry.errors * 2 ** ((entry.errorsAtMs - nowMs) / HALF_LIFE_MS);
}

export function addError(entry: PoolEntry, nowMs: number): void {
  entry.errors = recentErrors(entry, nowMs) + 1;
  entry.errorsAtMs = nowMs;
}
