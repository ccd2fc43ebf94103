import type { ServiceContext } from '../../context.ts';

export type IssuedChallenge = { challenge: string; expiresAt: string };

/** For whoever asks, and the same for a node that nobody knows: such a challenge never verifies. */
export async function requestChallenge(
  ctx: ServiceContext,
  { nodeId }: { nodeId: string },
): Promise<IssuedChallenge> {
  const { challenge, expiresAtMs } = ctx.nodes.challenges.create(nodeId);
  return { challenge, expiresAt: new Date(expiresAtMs).toISOString() };
}
