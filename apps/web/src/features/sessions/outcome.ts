import { isUiErrorCode } from '../../api/ui-error.ts';
import type { MessageKey } from '../../i18n/dictionary.ts';
import type { SessionSummary } from './session-types.ts';

type Facts = Pick<SessionSummary, 'state' | 'reason' | 'endedBy' | 'expiresAt'>;

export type Outcome = { key: MessageKey; values?: { reason: string } };

const KNOWN_REASONS: Readonly<Record<string, MessageKey>> = {
  hung_up: 'reason.user',
  connection_lost: 'reason.connection_lost',
  page_closed: 'reason.page_closed',
};

const OPEN_STATES: ReadonlySet<SessionSummary['state']> = new Set(['admitted', 'issued', 'connected']);

/** Whether the secret can no longer start a call and none was ever started. */
export function isLapsed(session: Facts, now: number): boolean {
  return session.state === 'issued' && session.expiresAt !== null && Date.parse(session.expiresAt) <= now;
}

/** Why a session is over, as a text key; `null` while nothing has ended. */
export function findOutcome(session: Facts, now: number): Outcome | null {
  const { reason, endedBy } = session;
  if (isLapsed(session, now)) return { key: 'reason.never_connected' };
  if (OPEN_STATES.has(session.state)) return null;
  if (reason !== null) {
    const known = KNOWN_REASONS[reason];
    if (known !== undefined) return { key: known };
    if (isUiErrorCode(reason)) return { key: `error.${reason}.title` };
  }
  if (endedBy === 'timeout' || endedBy === 'limit') return { key: 'reason.timeout_limit' };
  if (reason !== null) return { key: 'reason.unlisted', values: { reason } };
  return { key: endedBy === 'user' ? 'reason.user' : 'reason.error' };
}
