import { sessions } from '@ephemera/db';
import type { SessionRow } from '@ephemera/db';
import type { SQL } from 'drizzle-orm';
import { and, desc, eq, gt, gte, inArray, isNull, lt, lte, or, sql } from 'drizzle-orm';

import { ownerIdOf, requireScope, scopesOf } from '../../auth/scopes.ts';
import type { Actor, ServiceContext } from '../../context.ts';
import { sessionIdFloor } from '../../ids.ts';
import { decodeCursor, encodeCursor } from './cursor.ts';
import { findSessionId } from './find.ts';
import type { SessionState, SessionSummary } from './summary.ts';
import { toSummary } from './summary.ts';
import { closeOverdueIfPossible } from './sweep.ts';

export type ListSessionsInput = {
  limit?: number | undefined;
  cursor?: string | undefined;
  state?: SessionState | undefined;
  model?: string | undefined;
  userId?: string | undefined;
  accessKeyId?: string | undefined;
  /** For operators; nobody else knows of provider keys. */
  providerKeyId?: string | undefined;
  transport?: NonNullable<SessionRow['transport']> | undefined;
  minCostMicroUsd?: number | undefined;
  minSeconds?: number | undefined;
  /** The beginning of our id, or the provider's whole one. */
  query?: string | undefined;
  /** Issued at that moment or later (ISO 8601). */
  from?: string | undefined;
  /** Issued before it. */
  to?: string | undefined;
  /** Issued or connected, and not over by now. */
  isOpen?: boolean | undefined;
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
  accessKeyId: sessions.accessKeyId,
  costMicroUsd: sessions.costMicroUsd,
  costStatus: sessions.costStatus,
  costSource: sessions.costSource,
  limitSeconds: sessions.limitSeconds,
  deadlineAt: sessions.deadlineAt,
  lastSeenAt: sessions.lastSeenAt,
};

/** Of rows without a deadline the state is what it says. */
function isRunning(now: Date): SQL | undefined {
  return or(isNull(sessions.deadlineAt), gt(sessions.deadlineAt, now));
}

/** `isTidy`: every session that is over is stored so, and SQLite may look for the end of the index alone. */
type Moment = { now: Date; isTidy: boolean };

/** By the clock, as the rows are shown: who is over has ended, whatever is stored. */
function filterByState(state: SessionState, { now, isTidy }: Moment): SQL | undefined {
  const { state: stored, deadlineAt } = sessions;
  if (state === 'issued' || state === 'admitted') return and(eq(stored, state), isRunning(now));
  // SQLite uses the partial index only when its own condition is in the query.
  const indexed = and(eq(stored, state), sql`${stored} not in ('admitted', 'issued')`);
  if (state === 'connected') return and(indexed, isRunning(now));
  const before: SessionState[] = state === 'failed' ? ['admitted'] : ['issued', 'connected'];
  return isTidy ? indexed : or(indexed, and(inArray(stored, before), lte(deadlineAt, now)));
}

/** An access key's own are those that it minted, for itself or for somebody else. */
function filterByOwner(actor: Actor): SQL | undefined {
  if (scopesOf(actor).has('sessions:read-all')) return undefined;
  const ownerId = ownerIdOf(actor);
  return actor.kind === 'access_key' ? eq(sessions.accessKeyId, ownerId) : eq(sessions.userId, ownerId);
}

function given<Value>(
  value: Value | undefined,
  toFilter: (value: Value) => SQL | undefined,
): SQL | undefined {
  return value === undefined ? undefined : toFilter(value);
}

/** Ids begin with their time. */
function filterByTime({ from, to }: ListSessionsInput): SQL | undefined {
  return and(
    given(from, (text) => gte(sessions.id, sessionIdFloor(Date.parse(text)))),
    given(to, (text) => lt(sessions.id, sessionIdFloor(Date.parse(text)))),
  );
}

const NOTHING = sql`0`;
/** Above every character of an id. */
const LAST = '~';

async function filterByQuery(ctx: ServiceContext, { query }: ListSessionsInput): Promise<SQL | undefined> {
  if (query === undefined) return undefined;
  if (!query.startsWith('sess_')) return and(gte(sessions.id, query), lt(sessions.id, query + LAST));
  const { actor } = ctx;
  const ownerId = scopesOf(actor).has('sessions:read-all') ? null : ownerIdOf(actor);
  const id = await findSessionId(ctx, query, ownerId);
  return id === null ? NOTHING : eq(sessions.id, id);
}

function filterByColumns(input: ListSessionsInput, seesKeys: boolean): SQL | undefined {
  return and(
    given(input.model, (model) => eq(sessions.model, model)),
    given(input.userId, (userId) => eq(sessions.userId, userId)),
    given(input.accessKeyId, (id) => eq(sessions.accessKeyId, id)),
    given(input.providerKeyId, (id) => (seesKeys ? eq(sessions.providerKeyId, id) : NOTHING)),
    given(input.transport, (transport) => eq(sessions.transport, transport)),
    given(input.minCostMicroUsd, (microUsd) => gte(sessions.costMicroUsd, microUsd)),
    given(input.minSeconds, (seconds) => gte(sessions.durationSeconds, seconds)),
  );
}

function filterByOpenness(isOpen: boolean, { now }: Moment): SQL | undefined {
  const { state, deadlineAt } = sessions;
  const before: SessionState[] = ['issued', 'connected'];
  if (isOpen) return and(inArray(state, before), isRunning(now));
  return or(inArray(state, ['ended', 'failed']), lte(deadlineAt, now));
}

async function filterOf(ctx: ServiceContext, actor: Actor, input: ListSessionsInput) {
  const isTidy = await closeOverdueIfPossible(ctx);
  const moment = { now: new Date(ctx.clock.now()), isTidy };
  return and(
    filterByOwner(actor),
    given(input.state, (state) => filterByState(state, moment)),
    given(input.isOpen, (isOpen) => filterByOpenness(isOpen, moment)),
    filterByTime(input),
    filterByColumns(input, scopesOf(actor).has('sessions:read-all')),
    await filterByQuery(ctx, input),
    given(input.cursor, (cursor) => lt(sessions.id, decodeCursor(cursor))),
  );
}

/** Newest first: a caller's own sessions, or everybody's for an operator. */
export async function listSessions(ctx: ServiceContext, input: ListSessionsInput): Promise<SessionPage> {
  const actor = requireScope(ctx, 'sessions:read');
  const limit = input.limit ?? DEFAULT_LIMIT;
  const rows = await ctx.database.orm
    .select(SUMMARY_COLUMNS)
    .from(sessions)
    .where(await filterOf(ctx, actor, input))
    .orderBy(desc(sessions.id))
    .limit(limit + 1);
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  const nowMs = ctx.clock.now();
  return {
    items: page.map((row) => toSummary(row, nowMs)),
    nextCursor: rows.length > limit && last !== undefined ? encodeCursor(last.id) : null,
  };
}
