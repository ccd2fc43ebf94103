import { sessions } from '@ephemera/db';
import type { SQL } from 'drizzle-orm';
import { and, desc, eq, lt, sql } from 'drizzle-orm';

import type { Actor, ServiceContext } from '../../context.ts';
import { ownerIdOf, requireScope, scopesOf } from '../../auth/scopes.ts';
import { decodeCursor, encodeCursor } from './cursor.ts';
import type { SessionState, SessionSummary } from './summary.ts';
import { toSummary } from './summary.ts';

export type ListSessionsInput = {
  limit?: number | undefined;
  cursor?: string | undefined;
  state?: SessionState | undefined;
};

export type SessionPage = { items: SessionSummary[]; nextCursor: string | null };

const DEFAULT_LIMIT = 25;

const SUMMARY_COLUMNS = {
  id: sessions.id,
  state: sessions.state,
  userId: sessions.userId,
  userName: sessions.userName,
  model: sessions.model,
  voice: sessions.voice,
  kind: sessions.kind,
  transport: sessions.transport,
  issuedAt: sessions.issuedAt,
  expiresAt: sessions.expiresAt,
  connectedAt: sessions.connectedAt,
  endedAt: sessions.endedAt,
  endedBy: sessions.endedBy,
  reason: sessions.reason,
  durationSeconds: sessions.durationSeconds,
  messageCount: sessions.messageCount,
  icePair: sessions.icePair,
  isDemo: sessions.isDemo,
};

function filterByState(state: SessionState): SQL | undefined {
  // SQLite uses the partial index only when its own condition is in the query.
  return state === 'issued' || state === 'admitted'
    ? eq(sessions.state, state)
    : and(eq(sessions.state, state), sql`${sessions.state} not in ('admitted', 'issued')`);
}

/** A key's own are those that it asked for, under whomever they are filed. */
function filterByOwner(actor: Actor): SQL {
  const column = actor.kind === 'access_key' ? sessions.accessKeyId : sessions.userId;
  return eq(column, ownerIdOf(actor));
}

function filterOf(actor: Actor, input: ListSessionsInput): SQL | undefined {
  return and(
    scopesOf(actor).has('sessions:read-all') ? undefined : filterByOwner(actor),
    input.state === undefined ? undefined : filterByState(input.state),
    input.cursor === undefined ? undefined : lt(sessions.id, decodeCursor(input.cursor)),
  );
}

/** Newest first: a user's own sessions, or everybody's for an operator. */
export async function listSessions(ctx: ServiceContext, input: ListSessionsInput): Promise<SessionPage> {
  const actor = requireScope(ctx, 'sessions:read');
  const limit = input.limit ?? DEFAULT_LIMIT;
  const rows = await ctx.database.orm
    .select(SUMMARY_COLUMNS)
    .from(sessions)
    .where(filterOf(actor, input))
    .orderBy(desc(sessions.id))
    .limit(limit + 1);
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  return {
    items: page.map(toSummary),
    nextCursor: rows.length > limit && last !== undefined ? encodeCursor(last.id) : null,
  };
}
