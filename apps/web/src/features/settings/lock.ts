import { ApiError } from '../../api/api-error.ts';

/** No more tries for a while; null: the server did not say until when. */
export type Lock = { untilMs: number | null };

/** So little is no lock: the server was busy with other sign-ins. */
const BUSY_SECONDS = 5;

export function findLock(error: unknown, now: number): Lock | null {
  if (!(error instanceof ApiError) || error.status !== 429) return null;
  const seconds = error.retryAfterSeconds;
  if (seconds === null) return { untilMs: null };
  return seconds < BUSY_SECONDS ? null : { untilMs: now + seconds * 1_000 };
}

export function isLocked(lock: Lock | null, now: number): boolean {
  return lock !== null && lock.untilMs !== null && lock.untilMs > now;
}
