import { requireScope } from '../../auth/scopes.ts';
import type { ServiceContext } from '../../context.ts';
import { requireNodeItself } from '../nodes/require-node.ts';
import { readPending } from './read-pending.ts';
import { requireReader, requireRoomToWait } from './require-reader.ts';
import type { PendingMessage } from './view.ts';

export type ListPendingInput = {
  nodeId: string;
  limit?: number | undefined;
  /** Until when an empty mailbox is waited for; 0 asks once. */
  waitSeconds?: number | undefined;
};

const DEFAULT_LIMIT = 100;

/**
 * What waits for the node that asks. Nothing is taken out by reading: a message stays until it is marked as read or
 * expires. With `waitSeconds` an answer comes as soon as there is a message, and when `signal` is aborted.
 */
export async function listPending(
  ctx: ServiceContext,
  { nodeId, limit = DEFAULT_LIMIT, waitSeconds = 0 }: ListPendingInput,
  signal: AbortSignal,
): Promise<PendingMessage[]> {
  requireScope(ctx, 'messages:read-own');
  requireNodeItself(ctx, nodeId);
  const read = (): Promise<PendingMessage[]> =>
    readPending(ctx.database, { nodeId, nowMs: ctx.clock.now(), limit });
  const { mailboxes } = ctx;
  if (waitSeconds === 0) return await read();
  requireRoomToWait(ctx, nodeId);
  const endsAtMs = mailboxes.nowMs() + waitSeconds * 1_000;
  const attendance = mailboxes.attend(nodeId);
  try {
    for (;;) {
      attendance.listen();
      const messages = await read();
      const leftMs = endsAtMs - mailboxes.nowMs();
      if (messages.length > 0 || leftMs <= 0 || signal.aborted || mailboxes.isClosed()) return messages;
      await attendance.wait(leftMs, signal);
      await requireReader(ctx, nodeId);
    }
  } finally {
    attendance.end();
  }
}
