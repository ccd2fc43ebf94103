import type { Statement } from '@ephemera/db';

import type { ServiceContext } from '../../context.ts';
import { AppError } from '../../errors.ts';
import type { CheckedChallenge } from '../../nodes/challenges.ts';
import { DECOY_KEY } from '../../nodes/decoy-key.ts';
import type { KnownNode } from '../../nodes/node-book.ts';
import { verifyPss } from '../../nodes/pss.ts';
import { createRefreshToken, hashRefreshToken, startFamilyStatements } from '../../nodes/refresh-tokens.ts';
import { openRateWindow, requireRoom } from '../internal/rate-limit.ts';
import type { NodeTokenPair } from './issue-tokens.ts';
import { signTokenPair } from './issue-tokens.ts';

export type VerifyChallengeInput = { nodeId: string; challenge: string; signature: string };

/** Of all nodes behind one address. */
const ADDRESS_FACTOR = 20;

/** One in so many attempts takes away what has expired: twice as many rows as came meanwhile. */
const PRUNE_EVERY = 16;

const PRUNE_SQL = `delete from burnt_challenges where (expires_at, hash) in
  (select expires_at, hash from burnt_challenges where expires_at <= ?1 limit ${2 * PRUNE_EVERY})`;
/** Both at once; of the two only those come back that had room. */
const COUNT_SQL = `insert into rate_windows (scope, subject, window_start, count)
  values ('node_login', ?1, ?3, 1), ('node_login_address', ?2, ?3, 1)
  on conflict (scope, subject, window_start) do update set count = count + 1
    where count < case scope when 'node_login' then ?4 else ?4 * ${ADDRESS_FACTOR} end
  returning scope, count`;
const BURN_SQL = `insert into burnt_challenges (hash, expires_at) select ?1, ?2 where changes() = 2
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
  const subject = `${address} ${nodeId}`;
  const window = openRateWindow(ctx.clock, { scope: 'node_login', subject, limit });
  const unit: Statement[] = [
    { sql: COUNT_SQL, args: [subject, address, window.startMs, limit] },
    { sql: BURN_SQL, args: [checked.hash, checked.expiresAtMs] },
  ];
  // The hash is as good as random.
  if (Number.parseInt(checked.hash.slice(0, 4), 16) % PRUNE_EVERY === 0) {
    unit.push({ sql: PRUNE_SQL, args: [ctx.clock.now()] });
  }
  const [counted, burnt] = await ctx.database.writeAll(unit);
  requireRoom(ctx.clock, window, counted?.rows.length === 2 ? counted : undefined);
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
  const checked = ctx.nodes.challenges.check(nodeId, input.challenge);
  if (checked === null) throw refuse();
  await burn(ctx, { nodeId, checked });
  const { actor } = await checkSignature(ctx, input);
  const nowMs = ctx.clock.now();
  const refreshToken = createRefreshToken(nowMs);
  const hash = hashRefreshToken(refreshToken);
  const [stored] = await ctx.database.writeAll(startFamilyStatements({ hash, nodeId, nowMs }));
  if (stored?.rowsAffected !== 1) throw refuse();
  return await signTokenPair(ctx, { node: actor, refreshToken });
}
