import { sessions } from '@ephemera/db';
import type { SessionRow } from '@ephemera/db';
import { eq } from 'drizzle-orm';

import type { ServiceContext, UserActor } from '../../context.ts';
import { AppError } from '../../errors.ts';
import { SESSION_ID_PATTERN } from '../../ids.ts';

/** A session goes by our id (`ses_…`) or by the provider's. */
export function idColumnOf(id: string): 'id' | 'provider_session_id' {
  return SESSION_ID_PATTERN.test(id) ? 'id' : 'provider_session_id';
}

/** The answer for an id that does not exist and for one of somebody else: nobody can tell them apart. */
export function sessionNotFound(): AppError {
  return new AppError('not_found', 'There is no such session.');
}

export async function findSession(ctx: ServiceContext, id: string): Promise<SessionRow | null> {
  const column = idColumnOf(id) === 'id' ? sessions.id : sessions.providerSessionId;
  const [row] = await ctx.database.orm.select().from(sessions).where(eq(column, id)).limit(1);
  return row ?? null;
}

export async function getOwnSession(ctx: ServiceContext, user: UserActor, id: string): Promise<SessionRow> {
  const row = await findSession(ctx, id);
  if (row === null || row.userId !== user.id) throw sessionNotFound();
  return row;
}
