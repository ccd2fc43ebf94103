import { auditStatement } from '../../audit/record.ts';
import type { NodeScope } from '../../auth/scopes.ts';
import { NODE_SCOPES, requireScope } from '../../auth/scopes.ts';
import type { ServiceContext } from '../../context.ts';
import { findNode, noSuchNode } from './find.ts';
import type { NodeDetail } from './view.ts';

const SET_SQL = 'update nodes set scopes = ?2, updated_at = ?3 where id = ?1 and revoked_at is null';

/** What a node may from now on, with the tokens it has as well. */
export async function setNodeScopes(
  ctx: ServiceContext,
  input: { id: string; scopes: readonly NodeScope[] },
): Promise<NodeDetail> {
  requireScope(ctx, 'nodes:write');
  const { id } = input;
  const scopes = NODE_SCOPES.filter((scope) => input.scopes.includes(scope));
  const [changed] = await ctx.database.writeAll([
    { sql: SET_SQL, args: [id, JSON.stringify(scopes), ctx.clock.now()] },
    auditStatement(ctx, {
      action: 'node.set_scopes',
      target: id,
      result: 'ok',
      details: { scopes },
      isConditional: true,
    }),
  ]);
  ctx.nodes.book.forget(id);
  if (changed?.rowsAffected !== 1) throw noSuchNode();
  return await findNode(ctx, id);
}
