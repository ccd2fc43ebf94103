import type { ServiceContext } from '../../context.ts';
import { changeUser } from './change.ts';
import type { UserDetail } from './get.ts';

/** No mint of theirs is admitted from now on; what is open goes on to its end. */
export async function blockUser(
  ctx: ServiceContext,
  { id, reason }: { id: string; reason: string },
): Promise<UserDetail> {
  return await changeUser(ctx, {
    id,
    action: 'user.block',
    assignments: 'blocked_at = coalesce(blocked_at, ?2), blocked_reason = ?3',
    args: [ctx.clock.now(), reason],
  });
}

export async function unblockUser(ctx: ServiceContext, { id }: { id: string }): Promise<UserDetail> {
  return await changeUser(ctx, {
    id,
    action: 'user.unblock',
    assignments: 'blocked_at = null, blocked_reason = null',
    args: [],
  });
}
