import { sessions } from '@ephemera/db';
import type { SessionRow } from '@ephemera/db';
import { eq } from 'drizzle-orm';

import { ownerIdOf, scopesOf } from '../../auth/scopes.ts';
import type { Actor, ServiceContext } from '../../context.ts';
import { AppError } from '../../errors.ts';
import { SESSION_ID_PATTERN, sessionIdFloor } from '../../ids.ts';

/** The answer for an id that does not exist and for one of somebody else: nobody can tell them apart. */
export function sessionNotFound(): AppError {
  return new AppError('not_found', 'There is no such session.');
}

/** A secret lives two hours at most: what is still `issued` after a day never became a session. */
const ISSUED_WINDOW_MS = 86_400_000;

/** In the words of the partial index, or SQLite would not use it. */
const FIND_USED = `select id from sessions
  where provider_session_id = ?1 and state not in ('admitted', 'issued') limit 1`;
const FIND_ISSUED = `select id from sessions where provider_session_id = ?1 and state = 'issued' and id > ?2`;
const FIND_OWN_ISSUED = `${FIND_ISSUED} and (user_id = ?3 or access_key_id = ?3)`;

/**
 * Our id (`ses_…`) of a session that may go by the provider's. Only sessions that have begun are indexed by theirs; of
 * the caller's others, or of everybody's for an operator, those of the last day are looked through.
 */
export async function findSessionId(
  ctx: ServiceContext,
  id: string,
  ownerId: string | null,
): Promise<string | null> {
  if (SESSION_ID_PATTERN.test(id)) return id;
  const [used] = await ctx.database.read(FIND_USED, [id]);
  if (used !== undefined) return String(used['id']);
  const floor = sessionIdFloor(ctx.clock.now() - ISSUED_WINDOW_MS);
  const [issued] =
    ownerId === null
      ? await ctx.database.read(FIND_ISSUED, [id, floor])
      : await ctx.database.read(FIND_OWN_ISSUED, [id, floor, ownerId]);
  return issued === undefined ? null : String(issued['id']);
}

async function findSession(ctx: ServiceContext, id: string): Promise<SessionRow | null> {
  const [row] = await ctx.database.orm.select().from(sessions).where(eq(sessions.id, id)).limit(1);
  return row ?? null;
}

/** A caller's own sessions are those filed under it and those that its access key minted for somebody else. */
export function isOwnedBy(row: Pick<SessionRow, 'userId' | 'accessKeyId'>, ownerId: string): boolean {
  return row.userId === ownerId || row.accessKeyId === ownerId;
}

/** The owner's own. Throws `not_found`. */
export async function getOwnSession(ctx: ServiceContext, ownerId: string, id: string): Promise<SessionRow> {
  const ours = await findSessionId(ctx, id, ownerId);
  const row = ours === null ? null : await findSession(ctx, ours);
  if (row === null || !isOwnedBy(row, ownerId)) throw sessionNotFound();
  return row;
}

/** The owner's own, or any for an operator; by our id or the provider's. Throws `not_found`. */
export async function getVisibleSession(ctx: ServiceContext, actor: Actor, id: string): Promise<SessionRow> {
  if (!scopesOf(actor).has('sessions:read-all')) return await getOwnSession(ctx, ownerIdOf(actor), id);
  const ours = await findSessionId(ctx, id, null);
  const row = ours === null ? null : await findSession(ctx, ours);
  if (row === null) throw sessionNotFound();
  return row;
}
