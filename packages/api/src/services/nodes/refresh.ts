import type { ServiceContext } from '../../context.ts';
import { auditStatement } from '../../audit/record.ts';
import { AppError } from '../../errors.ts';
import {
  createRefreshToken,
  hashRefreshToken,
  isRefreshToken,
  refreshStatements,
} from '../../nodes/refresh-tokens.ts';
import type { NodeTokenPair } from './issue-tokens.ts';
import { signTokenPair } from './issue-tokens.ts';

const KNOWN_SQL = 'select node_id from node_refresh_tokens where hash = ?1';

function refuse(): AppError {
  return new AppError('unauthenticated', 'The refresh token is not valid.');
}

/** A token that had been used ended its family: somebody has a copy. */
async function reportReuse(ctx: ServiceContext, nodeId: string): Promise<void> {
  ctx.logger.warn('node.refresh_token_reused', { nodeId, requestId: ctx.requestId });
  const details = { reason: 'reused' };
  await ctx.database.writeAll([
    auditStatement(ctx, { action: 'node.refresh', target: nodeId, result: 'denied', details }),
  ]);
}

/** A new pair for a refresh token, which is used up. One that comes again later ends its whole family. */
export async function refreshNodeTokens(ctx: ServiceContext, token: string): Promise<NodeTokenPair> {
  if (!isRefreshToken(token)) throw refuse();
  const hash = hashRefreshToken(token);
  // So that guesses cost no write.
  const [known] = await ctx.database.read(KNOWN_SQL, [hash]);
  if (known === undefined) throw refuse();
  const nowMs = ctx.clock.now();
  const refreshToken = createRefreshToken(nowMs);
  const childHash = hashRefreshToken(refreshToken);
  const unit = refreshStatements({ hash, childHash, nowMs });
  const [claimed, , , ended] = await ctx.database.writeAll(unit);
  const nodeId = String(known['node_id']);
  if (claimed?.rowsAffected !== 1) {
    if ((ended?.rowsAffected ?? 0) > 0) await reportReuse(ctx, nodeId);
    throw refuse();
  }
  const node = await ctx.nodes.book.read(nodeId);
  if (node === null) throw refuse();
  return await signTokenPair(ctx, { node: node.actor, refreshToken });
}
