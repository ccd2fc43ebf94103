import type { ServiceContext } from '../../context.ts';
import { requireUser } from '../../require-user.ts';
import { findSession, sessionNotFound } from './find.ts';
import { toDetail } from './summary.ts';
import type { SessionDetail } from './summary.ts';

/** One session with all that is known about it: the owner's own, or any for an operator. */
export async function getSession(ctx: ServiceContext, input: { id: string }): Promise<SessionDetail> {
  const user = requireUser(ctx);
  const row = await findSession(ctx, input.id);
  if (row === null || (row.userId !== user.id && user.role !== 'operator')) throw sessionNotFound();
  return toDetail(row);
}
