import type { ServiceContext } from '../../context.ts';
import { requireUser } from '../../require-user.ts';
import { getVisibleSession } from './find.ts';
import { toDetail } from './summary.ts';
import type { SessionDetail } from './summary.ts';

/** One session with all that is known about it: the owner's own, or any for an operator. */
export async function getSession(ctx: ServiceContext, input: { id: string }): Promise<SessionDetail> {
  const user = requireUser(ctx);
  return toDetail(await getVisibleSession(ctx, user, input.id), user.role === 'operator');
}
