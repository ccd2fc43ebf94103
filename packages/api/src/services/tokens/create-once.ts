import type { SqlRow } from '@ephemera/db';
import { clientSecretResponseSchema } from '@ephemera/realtime-protocol';
import * as z from 'zod';

import type { Actor, ServiceContext } from '../../context.ts';
import { AppError } from '../../errors.ts';
import { ownerIdOf, requireScope } from '../../auth/scopes.ts';
import { toHex } from '../../hmac.ts';
import { VaultError } from '../../vault/vault-error.ts';
import { admitAgain } from './admission.ts';
import { readOrder, WARNING_CODES } from './admit.ts';
import type { CreateTokenInput, IssuedToken } from './create.ts';
import { createToken } from './create.ts';

export type CreateTokenOnceInput = CreateTokenInput & {
  /** Of this user: the same one with the same request answers the same token. */
  idempotencyKey: string;
};

export type TokenOfOnce = { token: IssuedToken; isReplayed: boolean };

type Claim = { ownerId: string; idempotencyKey: string; requestHash: string };

/** For a mint whose process died: longer than any mint takes. */
const IN_FLIGHT_MS = 30_000;
/** What the ciphertext is bound to, beside the session. */
const SEALED_AS = 'idempotent_mint';

const FORGET_SQL = 'delete from idempotent_mints where expires_at <= ?1';
const CLAIM_SQL = `insert into idempotent_mints (user_id, idempotency_key, request_hash, expires_at)
  values (?1, ?2, ?3, ?4) on conflict (user_id, idempotency_key) do nothing`;
const FIND_SQL = `select request_hash, session_id, ciphertext,
    (select sessions.user_id from sessions where sessions.id = session_id) as owner_id
  from idempotent_mints where user_id = ?1 and idempotency_key = ?2`;
const RELEASE_SQL = 'delete from idempotent_mints where user_id = ?1 and idempotency_key = ?2';
const STORE_SQL = `update idempotent_mints set session_id = ?3, ciphertext = ?4, expires_at = ?5
  where user_id = ?1 and idempotency_key = ?2`;

const storedTokenSchema = z.object({
  sessionId: z.string(),
  text: z.string(),
  model: z.string(),
  issuedAtMs: z.number(),
  expiresAtMs: z.number(),
  warnings: z.array(z.object({ code: z.enum(WARNING_CODES), message: z.string() })),
});

async function hashRequest({ session, ttlSeconds, userId }: CreateTokenInput): Promise<string> {
  const request = [session ?? null, ttlSeconds ?? null, userId ?? null];
  const bytes = new TextEncoder().encode(JSON.stringify(request));
  return toHex(await crypto.subtle.digest('SHA-256', bytes));
}

async function takeClaim(ctx: ServiceContext, claim: Claim): Promise<boolean> {
  const nowMs = ctx.clock.now();
  const { ownerId, idempotencyKey, requestHash } = claim;
  const [, claimed] = await ctx.database.writeAll([
    { sql: FORGET_SQL, args: [nowMs] },
    { sql: CLAIM_SQL, args: [ownerId, idempotencyKey, requestHash, nowMs + IN_FLIGHT_MS] },
  ]);
  return claimed?.rowsAffected === 1;
}

function toToken(ctx: ServiceContext, text: string): IssuedToken {
  const { issuedAtMs, expiresAtMs, ...stored } = storedTokenSchema.parse(JSON.parse(text));
  return {
    ...stored,
    secret: clientSecretResponseSchema.parse(JSON.parse(stored.text)),
    issuedAt: new Date(issuedAtMs),
    expiresAt: new Date(expiresAtMs),
    callsUrl: ctx.provider.callsUrl,
  };
}

async function openToken(ctx: ServiceContext, row: SqlRow): Promise<IssuedToken> {
  const { session_id: id, ciphertext } = row;
  const gone = new AppError(
    'idempotency_conflict',
    'This Idempotency-Key was used, and its token is not kept here: use another key.',
  );
  if (ctx.vault === null || typeof id !== 'string' || typeof ciphertext !== 'string') throw gone;
  try {
    return toToken(ctx, await ctx.vault.open({ id, provider: SEALED_AS, ciphertext }));
  } catch (error) {
    if (error instanceof VaultError) throw gone;
    throw error;
  }
}

async function replay(
  ctx: ServiceContext,
  claim: Claim,
  { actor, input }: { actor: Actor; input: CreateTokenInput },
): Promise<IssuedToken> {
  const { ownerId, idempotencyKey, requestHash } = claim;
  const [row] = await ctx.database.read(FIND_SQL, [ownerId, idempotencyKey]);
  if (row !== undefined && row['request_hash'] !== requestHash) {
    throw new AppError(
      'idempotency_key_reused',
      'This Idempotency-Key was used for another request: use another key.',
    );
  }
  if (row === undefined || row['session_id'] === null) {
    throw new AppError('idempotency_conflict', 'A request with this Idempotency-Key is under way.', {
      details: { retryAfterSeconds: 1 },
    });
  }
  const caller = { actor, userId: input.userId };
  const { ownerId: filedUnder, rateLimit } = await admitAgain(ctx, readOrder(input, ctx.clock.now()), caller);
  if (row['owner_id'] !== filedUnder) {
    throw new AppError(
      'insufficient_scope',
      'This token was minted for a user for whom you may not mint now.',
    );
  }
  return { ...(await openToken(ctx, row)), rateLimit };
}

/** Sealed under the newest key-encryption key, for as long as the secret lives. */
async function storeToken(ctx: ServiceContext, claim: Claim, token: IssuedToken): Promise<void> {
  const { sessionId, text, model, warnings } = token;
  const [issuedAtMs, expiresAtMs] = [token.issuedAt.getTime(), token.expiresAt.getTime()];
  const stored = JSON.stringify({ sessionId, text, model, issuedAtMs, expiresAtMs, warnings });
  const sealed = await ctx.vault?.seal({ id: sessionId, provider: SEALED_AS, secret: stored });
  const { ownerId, idempotencyKey } = claim;
  await ctx.database.write({
    sql: STORE_SQL,
    args: [ownerId, idempotencyKey, sessionId, sealed?.ciphertext ?? null, expiresAtMs],
  });
}

async function mintOnce(ctx: ServiceContext, claim: Claim, input: CreateTokenInput): Promise<IssuedToken> {
  const token = await createToken(ctx, input).catch(async (error: unknown) => {
    // Nothing was issued, so the same key may be used for another try.
    await ctx.database.write({ sql: RELEASE_SQL, args: [claim.ownerId, claim.idempotencyKey] });
    throw error;
  });
  await storeToken(ctx, claim, token);
  return token;
}

/**
 * A mint that may be asked for twice and happens once: the second request gets the first one's token. Throws
 * `idempotency_key_reused` for another request under the same key, `idempotency_conflict` while the first one is under way.
 */
export async function createTokenOnce(
  ctx: ServiceContext,
  { idempotencyKey, ...input }: CreateTokenOnceInput,
): Promise<TokenOfOnce> {
  const actor = requireScope(ctx, 'tokens:mint');
  const claim = {
    ownerId: ownerIdOf(actor),
    idempotencyKey,
    requestHash: await hashRequest(input),
  };
  if (!(await takeClaim(ctx, claim))) {
    return { token: await replay(ctx, claim, { actor, input }), isReplayed: true };
  }
  const work = mintOnce(ctx, claim, input);
  ctx.waitUntil?.(Promise.allSettled([work]));
  return { token: await work, isReplayed: false };
}
