import { requireScope, scopesOf } from '../../auth/scopes.ts';
import type { ServiceContext } from '../../context.ts';
import { getVisibleSession } from './find.ts';
import type { SessionDetail } from './summary.ts';
import { toDetail } from './summary.ts';
import { closeOverdueIfPossible } from './sweep.ts';
import { readUsageDetail } from './usage-detail.ts';

/** One session with all that is known about it: the owner's own, or any for an operator. */
export async function getSession(ctx: ServiceContext, input: { id: string }): Promise<SessionDetail> {
  const actor = requireScope(ctx, 'sessions:read');
  await closeOverdueIfPossible(ctx);
  const row = await getVisibleSession(ctx, actor, input.id);
  return toDetail(row, {
    seesKeys: scopesOf(actor).has('sessions:read-all'),
    nowMs: ctx.clock.now(),
    usage: await readUsageDetail(ctx, row),
  });
}
