import type { ClientSecretResponse } from '@ephemera/realtime-protocol';

import type { Actor, ServiceContext } from '../../context.ts';
import type { RateLimitState } from '../../errors.ts';
import { AppError, describeError } from '../../errors.ts';
import { ownerIdOf, requireScope } from '../../auth/scopes.ts';
import { admitToken } from './admit.ts';
import type { Admitted, AdmitInput, TokenWarning } from './admit.ts';
import { mintWithPool } from './mint.ts';
import type { Minted } from './mint.ts';
import { recordMint } from './record.ts';

export type CreateTokenInput = AdmitInput;

export type IssuedToken = {
  sessionId: string;
  /** The provider's answer: value, expiry in unix seconds, the effective session. */
  secret: ClientSecretResponse;
  /** The same as it came, for an answer in the provider's own shape. */
  text: string;
  model: string;
  issuedAt: Date;
  expiresAt: Date;
  callsUrl: string;
  warnings: TokenWarning[];
  /** What is left of the caller's mints; none where an earlier answer is repeated. */
  rateLimit?: RateLimitState | undefined;
};

type Mint = { sessionId: string; actor: Actor; admitted: Admitted; issuedAtMs: number };

/** What the log says about a failed mint; codes of ours, never a text of the provider. */
function recordFailure(ctx: ServiceContext, mint: Mint, result: Minted & { ok: false }): Promise<void> {
  const now = ctx.clock.now();
  const { sessionId } = mint;
  const { code, cause } = result.error;
  ctx.logger.warn('session.failed', {
    sessionId,
    code,
    ...(cause === undefined ? {} : { error: describeError(cause) }),
  });
  return recordMint(ctx, {
    ...mint,
    state: 'failed',
    reason: code,
    attempts: result.attempts,
    settlements: result.settlements,
    endedAtMs: now,
    mintMs: now - mint.issuedAtMs,
  });
}

async function mintAndRecord(ctx: ServiceContext, mint: Mint): Promise<IssuedToken> {
  const { sessionId, actor, admitted, issuedAtMs } = mint;
  const { ttlSeconds, sessionJson } = admitted;
  const safetyIdentifier = await ctx.pseudonyms.safetyIdentifierOf(ownerIdOf(actor));
  const result = await mintWithPool(ctx, { ttlSeconds, sessionJson, safetyIdentifier });
  if (!result.ok) {
    await recordFailure(ctx, mint, result);
    const { code, message, details, cause } = result.error;
    throw new AppError(code, message, { cause, details: { ...details, sessionId } });
  }
  const { secret, text, attempts, settlements, keyId } = result;
  const expiresAtMs = secret.expires_at * 1_000;
  await recordMint(ctx, {
    ...mint,
    state: 'issued',
    attempts,
    settlements,
    keyId,
    expiresAtMs,
    providerSessionId: secret.session.id,
    mintMs: ctx.clock.now() - issuedAtMs,
  });
  return {
    sessionId,
    secret,
    text,
    model: admitted.model.id,
    issuedAt: new Date(issuedAtMs),
    expiresAt: new Date(expiresAtMs),
    callsUrl: ctx.provider.callsUrl,
    warnings: admitted.warnings,
  };
}

function admitMint(ctx: ServiceContext, input: CreateTokenInput): Mint {
  const actor = requireScope(ctx, 'tokens:mint');
  const issuedAtMs = ctx.clock.now();
  const admitted = admitToken(input, ctx.settings.tokenTtl, issuedAtMs);
  return { sessionId: ctx.ids.sessionId(), actor, admitted, issuedAtMs };
}

/**
 * Mints a client secret for the user who asks. Nothing is asked of the provider before the request is admitted, and
 * nothing is answered before the session row is committed.
 */
export async function createToken(ctx: ServiceContext, input: CreateTokenInput): Promise<IssuedToken> {
  const work = mintAndRecord(ctx, admitMint(ctx, input));
  // A caller who hangs up must not leave a secret without a row: the work goes on to its end.
  ctx.waitUntil?.(Promise.allSettled([work]));
  return await work;
}
