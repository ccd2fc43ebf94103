import type { ServiceContext } from '../../context.ts';
import type { NodeActor } from '../../context.ts';
import { ACCESS_TOKEN_SECONDS } from '../../nodes/access-tokens.ts';

export type NodeTokenPair = {
  accessToken: string;
  refreshToken: string;
  tokenType: 'Bearer';
  expiresIn: number;
};

export async function signTokenPair(
  ctx: ServiceContext,
  { node, refreshToken }: { node: NodeActor; refreshToken: string },
): Promise<NodeTokenPair> {
  const accessToken = await ctx.nodes.tokens.sign(node);
  return { accessToken, refreshToken, tokenType: 'Bearer', expiresIn: ACCESS_TOKEN_SECONDS };
}
