import { isLapsed } from './outcome.ts';
import type { SessionMessage } from './session-text.ts';
import type { SessionDetail, UsageEvent } from './session-types.ts';

export type EntryTone = 'done' | 'running' | 'failed' | 'waiting';

type Attempt = SessionDetail['attempts'][number];

export type TimelineEntry =
  /** `at`: ISO time, where it is known. */
  | { kind: 'moment'; key: SessionMessage; at: string | null; tone: EntryTone }
  | { kind: 'try'; number: number; attempt: Attempt; tone: EntryTone }
  /** `offsetSeconds`: after the call connected. */
  | { kind: 'usage'; event: UsageEvent; offsetSeconds: number | null }
  | { kind: 'hidden'; count: number };

type Facts = Pick<
  SessionDetail,
  | 'state'
  | 'issuedAt'
  | 'expiresAt'
  | 'connectedAt'
  | 'endedAt'
  | 'reason'
  | 'endedBy'
  | 'mintMs'
  | 'attempts'
  | 'usageEvents'
>;

/** Of a long call the beginning and the end are shown until all of it is asked for. */
const MOST_EVENTS = 12;
const SHOWN_AT_AN_END = 5;

function moment(key: SessionMessage, at: string | null, tone: EntryTone): TimelineEntry {
  return { kind: 'moment', key, at, tone };
}

/** A secret was handed out: without one there is nothing that expires. */
function wasIssued(session: Facts): boolean {
  return session.expiresAt !== null || session.connectedAt !== null;
}

function findEnd(session: Facts): TimelineEntry {
  return session.connectedAt === null
    ? moment('timeline.lapsed', session.endedAt, 'waiting')
    : moment('timeline.ended', session.endedAt, session.endedBy === 'error' ? 'failed' : 'done');
}

function findLast(session: Facts, now: number): TimelineEntry {
  if (session.state === 'admitted') return moment('timeline.admitted', null, 'running');
  if (session.state === 'connected') return moment('timeline.running', null, 'running');
  if (session.state === 'ended') return findEnd(session);
  if (session.state === 'failed')
    return moment(wasIssued(session) ? 'timeline.failed' : 'timeline.refused', session.endedAt, 'failed');
  return isLapsed(session, now)
    ? moment('timeline.lapsed', session.expiresAt, 'waiting')
    : moment('timeline.waiting', null, 'running');
}

function listTries(session: Facts): TimelineEntry[] {
  return session.attempts.map((attempt, index) => ({
    kind: 'try',
    number: index + 1,
    attempt,
    tone: attempt.code === null && attempt.status !== null && attempt.status < 400 ? 'done' : 'failed',
  }));
}

function listUsage(session: Facts, isWhole: boolean): TimelineEntry[] {
  const begin = session.connectedAt === null ? null : Date.parse(session.connectedAt);
  const entries = session.usageEvents
    .toSorted((a, b) => a.at.localeCompare(b.at))
    .map((event): TimelineEntry => {
      const offset = begin === null ? null : (Date.parse(event.at) - begin) / 1_000;
      return { kind: 'usage', event, offsetSeconds: offset === null ? null : Math.max(0, offset) };
    });
  if (isWhole || entries.length <= MOST_EVENTS) return entries;
  return [
    ...entries.slice(0, SHOWN_AT_AN_END),
    { kind: 'hidden', count: entries.length - 2 * SHOWN_AT_AN_END },
    ...entries.slice(-SHOWN_AT_AN_END),
  ];
}

function findIssued(session: Facts): TimelineEntry[] {
  if (!wasIssued(session)) return [];
  const at = Date.parse(session.issuedAt) + (session.mintMs ?? 0);
  return [moment('timeline.issued', new Date(at).toISOString(), 'done')];
}

/** All that is known to have happened, oldest first: asked, tried, issued, connected, each response, over. */
export function createTimeline(session: Facts, now: number, isWhole = false): TimelineEntry[] {
  return [
    moment('timeline.requested', session.issuedAt, 'done'),
    ...listTries(session),
    ...findIssued(session),
    ...(session.connectedAt === null ? [] : [moment('timeline.connected', session.connectedAt, 'done')]),
    ...listUsage(session, isWhole),
    findLast(session, now),
  ];
}
