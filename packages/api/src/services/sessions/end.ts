import type { SessionStep, SqlRow } from '@ephemera/db';

import type { ServiceContext } from '../../context.ts';
import { ownerIdOf, requireScope } from '../../auth/scopes.ts';
import { findSessionId, getOwnSession, sessionNotFound } from './find.ts';
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

/** How much longer than the server's own clock allows a report may be, for clocks that tick unevenly. */
const DURATION_TOLERANCE_MS = 5_000;

const UPDATE_SQL = `update sessions set
    state = case when ?1 = 'error' and state = 'issued' then 'failed' else 'ended' end,
    ended_by = ?1, ended_at = ?2, reason = ?3, message_count = ?4, usage = ?5, steps = coalesce(?6, steps),
    reported_duration_seconds = ?7,
    is_duration_disputed = ?7 * 1000 > ?2 - issued_at + ${DURATION_TOLERANCE_MS},
    duration_seconds = case
      when ?7 * 1000 > ?2 - issued_at + ${DURATION_TOLERANCE_MS} then max(?2 - issued_at, 0) / 1000.0
      else ?7 end
    where id = ?8 and ?9 in (user_id, access_key_id) and state in ('issued', 'connected')
    returning id, state, duration_seconds, is_duration_disputed`;

function toJson(value: unknown): string | null {
  return value === undefined ? null : JSON.stringify(value);
}

async function closeRow(
  ctx: ServiceContext,
  ownerId: string,
  { id, ...input }: EndSessionInput & { id: string },
): Promise<SqlRow | null> {
  const { rows } = await ctx.database.write({
    sql: UPDATE_SQL,
    args: [
      input.endedBy,
      ctx.clock.now(),
      input.reason ?? null,
      input.messageCount,
      toJson(input.usage),
      toJson(input.steps),
      input.duration,
      id,
      ownerId,
    ],
  });
  return rows[0] ?? null;
}

/**
 * Ends a session once. A repeated end changes nothing and answers what the first one stored. A duration longer than
 * the server's clock allows is flagged, and the server's own number is stored.
 */
export async function endSession(ctx: ServiceContext, input: EndSessionInput): Promise<EndedSession> {
  const ownerId = ownerIdOf(requireScope(ctx, 'sessions:report'));
  const { sessionId } = input;
  const id = await findSessionId(ctx, sessionId, ownerId);
  if (id === null) throw sessionNotFound();
  const closed = await closeRow(ctx, ownerId, { ...input, id });
  if (closed !== null) {
    const isDisputed = closed['is_duration_disputed'] === 1;
    ctx.logger.info('session.ended', { sessionId: closed['id'], state: closed['state'], isDisputed });
    const { messageCount, endedBy } = input;
    return { sessionId, duration: Number(closed['duration_seconds']), messageCount, endedBy };
  }
  const row = await getOwnSession(ctx, ownerId, id);
  return {
    sessionId,
    duration: row.durationSeconds ?? 0,
    messageCount: row.messageCount ?? 0,
    endedBy: row.endedBy ?? 'error',
  };
}
