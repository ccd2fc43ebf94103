import { sessions } from '@ephemera/db';
import type { SessionRow } from '@ephemera/db';
import { eq } from 'drizzle-orm';

import { ownerIdOf } from '../../auth/scopes.ts';
import type { Actor, ServiceContext } from '../../context.ts';

/** One that the actor may report on: its own, or one that its access key minted for somebody else. */
export async function findReportedSession(
  ctx: ServiceContext,
  actor: Actor,
  id: string,
): Promise<SessionRow | null> {
  const [row] = await ctx.database.orm.select().from(sessions).where(eq(sessions.id, id)).limit(1);
  if (row === undefined) return null;
  const isOwn = row.userId === ownerIdOf(actor);
  const isMintedByKey = actor.kind === 'access_key' && row.accessKeyId === actor.id;
  return isOwn || isMintedByKey ? row : null;
}
