import type { SessionRow, SessionStep, SqlRow, Statement } from '@ephemera/db';

import { ownerIdOf, requireScope } from '../../auth/scopes.ts';
import type { ServiceContext } from '../../context.ts';
import { estimateMicroUsd } from '../../pricing/estimate.ts';
import { findPrices } from '../../pricing/find-prices.ts';
import { closingCost } from '../usage/cost-sql.ts';
import { createTotalsStatements } from '../usage/totals.ts';
import { chargeUnreported } from './charge-unreported.ts';
import { closeOverdue } from './close-overdue.ts';
import { isOver } from './deadline.ts';
import { getOwnSession } from './find.ts';
import type { EndedBy } from './summary.ts';

export type EndSessionInput = {
  /** Ours (`ses_…`) or the provider's (`sess_…`). */
  sessionId: string;
  /** Seconds, as the client measured them. */
  duration: number;
  messageCount: number;
  endedBy: EndedBy;
  reason?: string | undefined;
  usage?: Record<string, unknown> | undefined;
  steps?: SessionStep[] | undefined;
};

export type EndedSession = { sessionId: string; duration: number; messageCount: number; endedBy: EndedBy };

/** How far from what the server's own clock allows a report may be, for clocks that tick unevenly. */
const DURATION_TOLERANCE_MS = 5_000;

const IS_TOO_LONG = `?7 * 1000 > ?2 - issued_at + ${DURATION_TOLERANCE_MS}`;
const IS_TOO_SHORT = `coalesce(?7 * 1000 < ?2 - connected_at - ${DURATION_TOLERANCE_MS}, 0)`;

/**
 * Without a deadline the row is closed, and triggers settle its money. A secret that was never used before its end is
 * still good: until it has expired its session keeps the place and the reservation.
 */
const CLOSE_SQL = `update sessions set
    state = case when ?1 = 'error' and state = 'issued' then 'failed' else 'ended' end,
    ended_by = ?1, ended_at = ?2, reason = ?3, message_count = ?4, usage = coalesce(usage, ?5),
    steps = coalesce(?6, steps),
    reported_duration_seconds = ?7,
    is_duration_disputed = ${IS_TOO_LONG} or ${IS_TOO_SHORT},
    duration_seconds = case when ${IS_TOO_LONG} then max(?2 - issued_at, 0) / 1000.0
      when ${IS_TOO_SHORT} then (?2 - connected_at) / 1000.0 else ?7 end,
    ${closingCost({ estimate: '?9', version: '?10' })},
    deadline_at = iif(?11 and expires_at > ?2, expires_at, null)
  where id = ?8 and state in ('issued', 'connected') and (deadline_at is null or deadline_at > ?2)
  returning id, state, duration_seconds, is_duration_disputed`;

/** What a client still had to tell of a session that its deadline had closed. */
const LATE_SQL = `update sessions set message_count = ?2, reported_duration_seconds = ?3, steps = coalesce(?4, steps)
  where id = ?1 and ended_by = 'timeout' and message_count is null`;

function toJson(value: unknown): string | null {
  return value === undefined ? null : JSON.stringify(value);
}

/** As the statement above decides it. */
function secondsOf({ issuedAt, connectedAt }: SessionRow, duration: number, nowMs: number): number {
  const stoodMs = connectedAt === null ? 0 : nowMs - connectedAt.getTime();
  if (duration * 1_000 < stoodMs - DURATION_TOLERANCE_MS) return stoodMs / 1_000;
  return Math.min(duration, Math.max(0, nowMs - issuedAt.getTime()) / 1_000);
}

/** What the length suggests. A session that never stood suggests nothing. */
function estimateOf(session: SessionRow, { duration }: EndSessionInput, nowMs: number): number | null {
  if (session.model === null || (session.state === 'issued' && duration === 0)) return null;
  const issuedAtMs = session.issuedAt.getTime();
  return estimateMicroUsd(session.model, secondsOf(session, duration, nowMs), issuedAtMs);
}

/** Whoever says so is charged for it, as one who says that it is connected. */
function tookPlace({ duration, messageCount, usage }: EndSessionInput): boolean {
  const tokens = Object.values(usage ?? {});
  return duration > 0 || messageCount > 0 || tokens.some((count) => typeof count === 'number' && count > 0);
}

function closeStatement(session: SessionRow, input: EndSessionInput, nowMs: number): Statement {
  const { model, issuedAt, id } = session;
  return {
    sql: CLOSE_SQL,
    args: [
      input.endedBy,
      nowMs,
      input.reason ?? null,
      input.messageCount,
      toJson(input.usage),
      toJson(input.steps),
      input.duration,
      id,
      estimateOf(session, input, nowMs),
      model === null ? null : (findPrices(model, issuedAt.getTime())?.version ?? null),
      session.state === 'issued' && !tookPlace(input) ? 1 : 0,
    ],
  };
}

function totalsOf(session: SessionRow, { usage }: EndSessionInput, nowMs: number): Statement[] {
  return usage === undefined ? [] : createTotalsStatements({ session, usage, nowMs });
}

async function closeRow(
  ctx: ServiceContext,
  session: SessionRow,
  input: EndSessionInput,
): Promise<SqlRow | null> {
  const nowMs = ctx.clock.now();
  const totals = totalsOf(session, input, nowMs);
  const results = await ctx.database.writeAll([
    ...totals,
    closeStatement(session, input, nowMs),
    ...chargeUnreported(ctx.settings, [session.id]),
  ]);
  return results[totals.length]?.rows[0] ?? null;
}

/** Over by the clock: it ended at its deadline, whatever its client says; what that cost may still be told, once. */
async function endLate(ctx: ServiceContext, session: SessionRow, input: EndSessionInput): Promise<void> {
  await closeOverdue(ctx);
  await ctx.database.writeAll([
    ...totalsOf(session, input, ctx.clock.now()),
    { sql: LATE_SQL, args: [session.id, input.messageCount, input.duration, toJson(input.steps)] },
  ]);
}

function isLate({ endedBy, messageCount, state }: SessionRow): boolean {
  return state === 'ended' && endedBy === 'timeout' && messageCount === null;
}

/**
 * Ends a session once. A repeated end changes nothing and answers what the first one stored. A duration that the
 * server's clock rules out, longer or shorter, is flagged, and the server's own number is stored.
 */
export async function endSession(ctx: ServiceContext, input: EndSessionInput): Promise<EndedSession> {
  const ownerId = ownerIdOf(requireScope(ctx, 'sessions:report'));
  const { sessionId } = input;
  const session = await getOwnSession(ctx, ownerId, sessionId);
  if (isOver(session, ctx.clock.now()) || isLate(session)) await endLate(ctx, session, input);
  else if (session.state === 'issued' || session.state === 'connected') {
    const closed = await closeRow(ctx, session, input);
    if (closed !== null) {
      const isDisputed = closed['is_duration_disputed'] === 1;
      ctx.logger.info('session.ended', { sessionId: closed['id'], state: closed['state'], isDisputed });
      const { messageCount, endedBy } = input;
      return { sessionId, duration: Number(closed['duration_seconds']), messageCount, endedBy };
    }
  }
  const row = await getOwnSession(ctx, ownerId, session.id);
  return {
    sessionId,
    duration: row.durationSeconds ?? 0,
    messageCount: row.messageCount ?? 0,
    endedBy: row.endedBy ?? 'error',
  };
}
