import type { KeyClientError } from './errors.ts';
import type { ProviderKey } from './provider-key.ts';

export type CacheWindows = {
  /** Up to this age a list is simply served. */
  ttlMs: number;
  /** For so long after that it is still served at once, while one refresh runs. */
  staleMs: number;
  /** Up to this age a list is served when the server cannot give a newer one. */
  lastGoodMs: number;
};

export type CachedList = { keys: readonly ProviderKey[]; fetchedAtMs: number };
export type FailedRefresh = { error: KeyClientError; count: number; retryAtMs: number };
export type CacheState = { list: CachedList | null; failure: FailedRefresh | null };

export type CacheMove =
  | { kind: 'serve'; keys: readonly ProviderKey[] }
  | { kind: 'serve_while_refreshing'; keys: readonly ProviderKey[] }
  | { kind: 'wait'; lastGood: readonly ProviderKey[] | null }
  | { kind: 'fail'; error: KeyClientError };

/** "No healthy key" is soon out of date: a key cools down in seconds. */
const EMPTY_TTL_MS = 5_000;

/** What a caller gets now, by the age of the list and by whether the last try to renew it failed. */
export function decideMove({ list, failure }: CacheState, nowMs: number, windows: CacheWindows): CacheMove {
  const heldBackBy = failure !== null && nowMs < failure.retryAtMs ? failure.error : null;
  const keys = findUsable(list, nowMs, windows);
  if (list === null || keys === null) {
    return heldBackBy === null ? { kind: 'wait', lastGood: null } : { kind: 'fail', error: heldBackBy };
  }
  const ageMs = nowMs - list.fetchedAtMs;
  if (heldBackBy !== null || ageMs <= windows.ttlMs) return { kind: 'serve', keys };
  // During an outage only the first caller waits; all others get the last good list at once.
  if (failure !== null || ageMs <= windows.ttlMs + windows.staleMs) {
    return { kind: 'serve_while_refreshing', keys };
  }
  return { kind: 'wait', lastGood: keys };
}

function findUsable(
  list: CachedList | null,
  nowMs: number,
  { ttlMs, lastGoodMs }: CacheWindows,
): readonly ProviderKey[] | null {
  if (list === null) return null;
  const longestMs = list.keys.length === 0 ? Math.min(ttlMs, EMPTY_TTL_MS) : Math.max(ttlMs, lastGoodMs);
  return nowMs - list.fetchedAtMs <= longestMs ? list.keys : null;
}
