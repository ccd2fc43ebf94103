/** Signs of life that may be missing before a node counts as unreachable. */
export const MISSED_HEARTBEATS = 3;
export const OFFLINE_AFTER_MS = 24 * 3_600_000;

/** What the directory says of a node, from what it last said itself and when. */
export type StatusInput = { status: string; lastSeenAtMs: number | null };
export type StatusTerms = { nowMs: number; heartbeatSeconds: number };

export function unreachableAfterMs(heartbeatSeconds: number): number {
  return MISSED_HEARTBEATS * heartbeatSeconds * 1_000;
}

/** The same in SQL; ?1: the oldest sign of life that still counts, ?2: the oldest before a node is gone. */
export const IS_REACHABLE_SQL = `(coalesce(last_seen_at, 0) > ?1 and status <> 'offline')`;
export const IS_OFFLINE_SQL = `(coalesce(last_seen_at, 0) <= ?2 or (coalesce(last_seen_at, 0) > ?1 and status = 'offline'))`;

export function deriveStatus({ status, lastSeenAtMs }: StatusInput, terms: StatusTerms): string {
  const silentMs = lastSeenAtMs === null ? Number.POSITIVE_INFINITY : terms.nowMs - lastSeenAtMs;
  if (silentMs >= OFFLINE_AFTER_MS) return 'offline';
  return silentMs >= unreachableAfterMs(terms.heartbeatSeconds) ? 'unreachable' : status;
}
