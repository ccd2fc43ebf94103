import { readChainEnd } from '@ephemera/db';

import type { CheckpointClaim } from '../../audit/checkpoint-signer.ts';
import { requireScope } from '../../auth/scopes.ts';
import type { ServiceContext } from '../../context.ts';
import { AppError } from '../../errors.ts';

export type Checkpoint = CheckpointClaim & { signature: string; publicKey: string };

/** The last entry and its hash, signed: kept elsewhere, it shows that the entries up to it were cut off or rewritten. */
export async function createCheckpoint(ctx: ServiceContext): Promise<Checkpoint> {
  requireScope(ctx, 'audit:read');
  const { lastSeq, lastHash } = await readChainEnd(ctx.database);
  if (lastHash === null) throw new AppError('not_found', 'There is no entry to sign yet.');
  const claim = { seq: lastSeq, hash: lastHash, at: new Date(ctx.clock.now()).toISOString() };
  const [signature, publicKey] = [await ctx.checkpoints.sign(claim), await ctx.checkpoints.publicKey()];
  return { ...claim, signature, publicKey };
}
