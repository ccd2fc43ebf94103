import type { Statement } from '@ephemera/db';

import type { ServiceContext } from '../../context.ts';
import { AppError } from '../../errors.ts';
import type { CheckedChallenge } from '../../nodes/challenges.ts';
import { DECOY_KEY } from '../../nodes/decoy-key.ts';
import type { KnownNode } from '../../nodes/node-book.ts';
import { verifyPss } from '../../nodes/pss.ts';
import { createRefreshToken, hashToken, startFamilyStatements } from '../../nodes/refresh-tokens.ts';
import { countStatement, openRateWindow, requireRoom } from '../internal/rate-limit.ts';
import type { NodeTokenPair } from './issue-tokens.ts';
import { signTokenPair } from './issue-tokens.ts';

export type VerifyChallengeInput = { nodeId: string; challenge: string; signature: string };

/** Of all nodes behind one address. */
const ADDRESS_FACTOR = 20;

const PRUNE_SQL = `delete from burnt_challenges where hash in
  (select hash from burnt_challenges where expires_at <= ?1 limit 4)`;
const BURN_SQL = `insert into burnt_challenges (hash, expires_at) select ?1, ?2 where changes() > 0
  on conflict do nothing`;

function refuse(): AppError {
  return new AppError('unauthenticated', 'The challenge or its signature is not valid.');
}

/**
 * Uses the challenge up before anything is told about the signature. Counted per node and address, so that whoever guesses
 * elsewhere locks no node out; and per address, so that nobody fills the table.
 */
async function burn(
  ctx: ServiceContext,
  { nodeId, checked }: { nodeId: string; checked: CheckedChallenge },
): Promise<void> {
  const address = ctx.address ?? 'unknown';
  const limit = ctx.settings.nodes.loginsPerMinute;
  const ofNode = openRateWindow(ctx.clock, { scope: 'node_login', subject: `${address} ${nodeId}`, limit });
  const ofAddress = openRateWindow(ctx.clock, {
    scope: 'node_login_address',
    subject: address,
    limit: limit * ADDRESS_FACTOR,
  });
  const unit: Statement[] = [
    { sql: PRUNE_SQL, args: [ctx.clock.now()] },
    countStatement(ofNode),
    countStatement(ofAddress),
    { sql: BURN_SQL, args: [checked.hash, checked.expiresAtMs] },
  ];
  const [, countOfNode, countOfAddress, burnt] = await ctx.database.writeAll(unit);
  requireRoom(ctx.clock, ofNode, countOfNode);
  requireRoom(ctx.clock, ofAddress, countOfAddress);
  if (burnt?.rowsAffected !== 1) throw refuse();
}

/** A node that nobody knows costs as much as a known one. */
async function checkSignature(
  ctx: ServiceContext,
  { nodeId, challenge, signature }: VerifyChallengeInput,
): Promise<KnownNode> {
  const node = await ctx.nodes.book.read(nodeId);
  const key = await ctx.nodes.importKey(node?.publicKey ?? DECOY_KEY);
  const isSigned = await verifyPss(key, challenge, signature);
  if (node === null || !isSigned) throw refuse();
  return node;
}

/** Throws `unauthenticated` for whatever is wrong, and says no more. */
export async function verifyChallenge(
  ctx: ServiceContext,
  input: VerifyChallengeInput,
): Promise<NodeTokenPair> {
  const { nodeId } = input;
  const checked = await ctx.nodes.challenges.check(nodeId, input.challenge);
  if (checked === null) throw refuse();
  await burn(ctx, { nodeId, checked });
  const { actor } = await checkSignature(ctx, input);
  const refreshToken = createRefreshToken();
  const hash = await hashToken(refreshToken);
  const results = await ctx.database.writeAll(
    startFamilyStatements({ hash, nodeId, nowMs: ctx.clock.now() }),
  );
  if (results.at(-1)?.rowsAffected !== 1) throw refuse();
  return await signTokenPair(ctx, { node: actor, refreshToken });
}
