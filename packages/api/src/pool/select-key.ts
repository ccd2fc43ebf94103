import { isHalfOpen } from './key-health.ts';
import type { PoolEntry } from './pool-entry.ts';
import { recentErrors } from './pool-entry.ts';

export type Selection = {
  best: PoolEntry | null;
  /** A half-open key whose probe nobody holds. */
  due: PoolEntry | null;
  /** How many could be picked, the best one included. */
  usable: number;
};

export function isUsable(entry: PoolEntry, nowMs: number): boolean {
  if (entry.key === null || (entry.drainAtMs !== null && entry.drainAtMs <= nowMs)) return false;
  const { health } = entry;
  if (health.state === 'active') return true;
  return health.state === 'cooling_down' && health.reason === 'rate_limited' && health.untilMs <= nowMs;
}

function isDue(entry: PoolEntry, nowMs: number): boolean {
  if (entry.key === null || (entry.drainAtMs !== null && entry.drainAtMs <= nowMs)) return false;
  return entry.probeUntilMs <= nowMs && isHalfOpen(entry.health, nowMs);
}

export function loadOf(entry: PoolEntry): number {
  return (entry.uses + entry.lentUses + entry.inFlight + entry.openSessions) / entry.weight;
}

/**
 * Healthy keys only: the one with the fewest recent errors, and among those the least loaded. Errors are compared in
 * whole numbers, so that one of ten minutes ago weighs nothing. Synchronous, and one walk over the keys.
 */
export function selectKey(
  entries: readonly PoolEntry[],
  excluded: readonly string[],
  nowMs: number,
): Selection {
  const selection: Selection = { best: null, due: null, usable: 0 };
  let bestErrors = 0;
  let bestLoad = 0;
  for (const entry of entries) {
    if (excluded.includes(entry.id)) continue;
    if (!isUsable(entry, nowMs)) {
      if (selection.due === null && isDue(entry, nowMs)) selection.due = entry;
      continue;
    }
    selection.usable += 1;
    const errors = Math.round(recentErrors(entry, nowMs));
    const load = loadOf(entry);
    const isBetter = errors < bestErrors || (errors === bestErrors && load < bestLoad);
    if (selection.best !== null && !isBetter) continue;
    selection.best = entry;
    bestErrors = errors;
    bestLoad = load;
  }
  return selection;
}

/** When the first key comes back by itself; null where all wait for an operator. */
export function findSoonestRetry(entries: readonly PoolEntry[], nowMs: number): number | null {
  let soonest: number | null = null;
  for (const { key, health, drainAtMs, probeUntilMs } of entries) {
    if (key === null || (health.state !== 'cooling_down' && health.state !== 'exhausted')) continue;
    const backMs = Math.max(health.untilMs, probeUntilMs, nowMs);
    if (drainAtMs !== null && drainAtMs <= backMs) continue;
    if (soonest === null || backMs < soonest) soonest = backMs;
  }
  return soonest;
}

/** The same, for who has none in hand: null too where a key is usable now. */
export function findRetryAt(entries: readonly PoolEntry[], nowMs: number): number | null {
  return entries.some((entry) => isUsable(entry, nowMs)) ? null : findSoonestRetry(entries, nowMs);
}
