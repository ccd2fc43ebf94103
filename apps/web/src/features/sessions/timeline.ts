import type { MessageKey } from '../../i18n/dictionary.ts';
import { isLapsed } from './outcome.ts';
import type { SessionDetail } from './session-types.ts';

export type TimelineEntry = {
  key: MessageKey;
  /** ISO time, where it is known. */
  at: string | null;
  tone: 'done' | 'running' | 'failed' | 'waiting';
};

type Facts = Pick<
  SessionDetail,
  'state' | 'issuedAt' | 'expiresAt' | 'connectedAt' | 'endedAt' | 'reason' | 'endedBy'
>;

function findLast(session: Facts, now: number): TimelineEntry {
  if (session.state === 'connected') return { key: 'detail.timeline.running', at: null, tone: 'running' };
  if (session.state === 'failed')
    return { key: 'detail.timeline.failed', at: session.endedAt, tone: 'failed' };
  if (session.state === 'ended') {
    return {
      key: 'detail.timeline.ended',
      at: session.endedAt,
      tone: session.endedBy === 'error' ? 'failed' : 'done',
    };
  }
  return isLapsed(session, now)
    ? { key: 'detail.timeline.lapsed', at: session.expiresAt, tone: 'waiting' }
    : { key: 'detail.timeline.waiting', at: null, tone: 'running' };
}

/** The moments of a session, oldest first. */
export function createTimeline(session: Facts, now: number): TimelineEntry[] {
  const issued: TimelineEntry = { key: 'detail.timeline.issued', at: session.issuedAt, tone: 'done' };
  const connected: TimelineEntry[] =
    session.connectedAt === null
      ? []
      : [{ key: 'detail.timeline.connected', at: session.connectedAt, tone: 'done' }];
  return [issued, ...connected, findLast(session, now)];
}
