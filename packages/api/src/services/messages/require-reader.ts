import type { ServiceContext } from '../../context.ts';
import { AppError } from '../../errors.ts';

/** For whoever has been waiting: revoked in the meantime, or no longer allowed to, a node is told nothing more. */
export async function mayStillRead(ctx: ServiceContext, nodeId: string): Promise<boolean> {
  const node = await ctx.nodes.book.find(nodeId);
  return node?.actor.scopes.includes('messages:read-own') === true;
}

export async function requireReader(ctx: ServiceContext, nodeId: string): Promise<void> {
  if (!(await mayStillRead(ctx, nodeId))) {
    throw new AppError('unauthenticated', 'This node may not read messages any more.');
  }
}

const RETRY_AFTER_SECONDS = 1;

/** Before waiting begins. Throws `rate_limited`. */
export function requireRoomToWait({ mailboxes }: ServiceContext, nodeId: string): void {
  if (!mailboxes.isCrowded(nodeId)) return;
  throw new AppError('rate_limited', 'Too many long polls and streams of this node are open.', {
    details: { retryAfterSeconds: RETRY_AFTER_SECONDS },
  });
}
