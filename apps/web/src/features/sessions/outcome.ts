import { isUiErrorCode } from '../../api/ui-error.ts';
import type { UiErrorCode } from '../../api/ui-error.ts';
import type { SessionMessage } from './session-text.ts';
import type { SessionState, SessionSummary } from './session-types.ts';

type Facts = Pick<SessionSummary, 'state' | 'reason' | 'endedBy' | 'expiresAt'>;

/** In words of these pages, or those of an error that is told everywhere. */
export type Outcome =
  | { kind: 'text'; key: SessionMessage; values?: { reason: string } }
  | { kind: 'error'; code: UiErrorCode };

const KNOWN_REASONS: Readonly<Record<string, SessionMessage>> = {
  hung_up: 'reason.user',
  connection_lost: 'reason.connection_lost',
  page_closed: 'reason.page_closed',
  never_connected: 'reason.never_connected',
  abandoned: 'reason.abandoned',
};

const OPEN_STATES: ReadonlySet<SessionState> = new Set(['admitted', 'issued', 'connected']);

export function isOpenState(state: SessionState): boolean {
  return OPEN_STATES.has(state);
}

/** Whether the secret can no longer start a call and none was ever started. */
export function isLapsed(session: Facts, now: number): boolean {
  return session.state === 'issued' && session.expiresAt !== null && Date.parse(session.expiresAt) <= now;
}

function findReason(reason: string): Outcome | null {
  const known = KNOWN_REASONS[reason];
  if (known !== undefined) return { kind: 'text', key: known };
  return isUiErrorCode(reason) ? { kind: 'error', code: reason } : null;
}

/** Why a session is over; `null` while nothing has ended. */
export function findOutcome(session: Facts, now: number): Outcome | null {
  const { reason, endedBy } = session;
  if (isLapsed(session, now)) return { kind: 'text', key: 'reason.never_connected' };
  if (isOpenState(session.state)) return null;
  const told = reason === null ? null : findReason(reason);
  if (told !== null) return told;
  if (endedBy === 'timeout' || endedBy === 'limit') return { kind: 'text', key: 'reason.timeout_limit' };
  if (reason !== null) return { kind: 'text', key: 'reason.unlisted', values: { reason } };
  return { kind: 'text', key: endedBy === 'user' ? 'reason.user' : 'reason.error' };
}
