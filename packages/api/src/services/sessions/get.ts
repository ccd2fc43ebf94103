import type { ServiceContext } from '../../context.ts';
import { requireScope, scopesOf } from '../../auth/scopes.ts';
import { getVisibleSession } from './find.ts';
import { toDetail } from './summary.ts';
import type { SessionDetail } from './summary.ts';

/** One session with all that is known about it: the owner's own, or any for an operator. */
export async function getSession(ctx: ServiceContext, input: { id: string }): Promise<SessionDetail> {
  const actor = requireScope(ctx, 'sessions:read');
  return toDetail(await getVisibleSession(ctx, actor, input.id), scopesOf(actor).has('sessions:read-all'));
}
