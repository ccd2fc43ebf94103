import { isOpenState } from './outcome.ts';
import type { SessionSummary } from './session-types.ts';

type Facts = Pick<SessionSummary, 'state' | 'connectedAt' | 'durationSeconds' | 'deadlineAt'>;

/** Seconds of a call: the final number, or what has passed so far. `null` before it began. */
export function findDuration(session: Facts, now: number): number | null {
  if (session.state === 'connected' && session.connectedAt !== null) {
    return Math.max(0, (now - Date.parse(session.connectedAt)) / 1_000);
  }
  return session.durationSeconds;
}

/** Seconds until the server closes it; `null` for what has no end ahead. Never below zero. */
export function findTimeLeft(session: Facts, now: number): number | null {
  if (!isOpenState(session.state) || session.deadlineAt === null) return null;
  return Math.max(0, (Date.parse(session.deadlineAt) - now) / 1_000);
}
