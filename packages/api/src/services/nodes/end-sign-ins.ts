import { auditStatement } from '../../audit/record.ts';
import { requireScope } from '../../auth/scopes.ts';
import type { ServiceContext } from '../../context.ts';
import { AppError } from '../../errors.ts';
import { findNode } from './find.ts';

export type EndSignInsInput = {
  id: string;
  /** Only this one; else all of them. */
  signInId?: string | undefined;
};

const END_SQL = `update node_refresh_tokens set revoked_at = ?2
  where node_id = ?1 and revoked_at is null and expires_at > ?2 and (?3 is null or family_id = ?3)`;

/**
 * Takes a node's refresh tokens away: it has to prove its key again. What access tokens are out are good until they
 * expire. Throws `not_found` where there was nothing to end.
 */
export async function endNodeSignIns(
  ctx: ServiceContext,
  { id, signInId }: EndSignInsInput,
): Promise<{ endedAt: string }> {
  requireScope(ctx, 'nodes:write');
  await findNode(ctx, id);
  const nowMs = ctx.clock.now();
  const [ended] = await ctx.database.writeAll([
    { sql: END_SQL, args: [id, nowMs, signInId ?? null] },
    auditStatement(ctx, {
      action: 'node.end_sign_ins',
      target: id,
      result: 'ok',
      details: { signIn: signInId ?? 'all' },
      isConditional: true,
    }),
  ]);
  if ((ended?.rowsAffected ?? 0) === 0) throw new AppError('not_found', 'There is no such sign-in.');
  return { endedAt: new Date(nowMs).toISOString() };
}
