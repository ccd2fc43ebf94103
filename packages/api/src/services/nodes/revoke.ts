import { auditStatement } from '../../audit/record.ts';
import { ownerIdOf, requireScope } from '../../auth/scopes.ts';
import type { ServiceContext } from '../../context.ts';
import { AppError } from '../../errors.ts';
import { revokeTokensStatement } from '../../nodes/refresh-tokens.ts';
import { findNode, noSuchNode } from './find.ts';

const REVOKE_SQL = 'update nodes set revoked_at = ?2, revoked_by = ?3 where id = ?1 and revoked_at is null';

/** Puts a node out of the network for good: its id and its key stay taken, and its tokens end. */
export async function revokeNode(
  ctx: ServiceContext,
  { id, confirmName }: { id: string; confirmName: string },
): Promise<{ id: string; revokedAt: string }> {
  const revokedBy = ownerIdOf(requireScope(ctx, 'nodes:write'));
  const { name } = await findNode(ctx, id);
  if (confirmName !== name) {
    throw new AppError('invalid_request', 'The name that was typed is not the name of this node.', {
      details: { param: 'confirmName' },
    });
  }
  const nowMs = ctx.clock.now();
  const [revoked] = await ctx.database.writeAll([
    { sql: REVOKE_SQL, args: [id, nowMs, revokedBy] },
    auditStatement(ctx, { action: 'node.revoke', target: id, result: 'ok', isConditional: true }),
    revokeTokensStatement(id, nowMs),
  ]);
  ctx.nodes.book.forget(id);
  // Whoever waits under its name looks again, and finds that it may not.
  ctx.mailboxes.ring([id]);
  if (revoked?.rowsAffected !== 1) throw noSuchNode();
  return { id, revokedAt: new Date(nowMs).toISOString() };
}
