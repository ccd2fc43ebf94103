import { requireScope } from '../../auth/scopes.ts';
import type { ServiceContext } from '../../context.ts';
import { AppError } from '../../errors.ts';
import { requireNode } from '../nodes/require-node.ts';
import { toIso } from './view.ts';

export type ReadReceipt = {
  id: string;
  /** When this node first marked it; null: it expired before. */
  readAt: string | null;
};

const MARK_SQL = `update deliveries set is_open = 0, read_at = ?3
  where to_node = ?1 and message_seq = (select seq from messages where id = ?2) and is_open = 1`;
const FIND_SQL = `select d.to_node, d.read_at from messages m
  left join deliveries d on d.to_node = ?1 and d.message_seq = m.seq where m.id = ?2`;

/** For the node that asks; marking again changes nothing. Throws `not_found`, `forbidden` for a message to others. */
export async function markRead(ctx: ServiceContext, { id }: { id: string }): Promise<ReadReceipt> {
  requireScope(ctx, 'messages:read-own');
  const node = requireNode(ctx);
  const nowMs = ctx.clock.now();
  const marked = await ctx.database.write({ sql: MARK_SQL, args: [node.id, id, nowMs] });
  if (marked.rowsAffected === 1) return { id, readAt: toIso(nowMs) };
  const [row] = await ctx.database.read(FIND_SQL, [node.id, id]);
  if (row === undefined) throw new AppError('not_found', 'There is no such message.');
  if (row['to_node'] === null) throw new AppError('forbidden', 'This message is for other nodes.');
  return { id, readAt: row['read_at'] === null ? null : toIso(row['read_at']) };
}
