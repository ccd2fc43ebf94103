import type { ClientSecretResponse } from '@ephemera/realtime-protocol';

import type { ServiceContext } from '../../context.ts';
import type { RateLimitState } from '../../errors.ts';
import { AppError, describeError } from '../../errors.ts';
import { requireScope } from '../../auth/scopes.ts';
import type { Admission } from './admission.ts';
import { admit } from './admission.ts';
import { readOrder } from './admit.ts';
import type { AdmitInput, TokenOrder, TokenWarning } from './admit.ts';
import { mintWithPool } from './mint.ts';
import type { Minted } from './mint.ts';
import { recordMint } from './record.ts';
import { warnOfBudgets } from './warn-of-budgets.ts';

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

/** What the log says about a failed mint; codes of ours, never a text of the provider. */
function recordFailure(
  ctx: ServiceContext,
  { plan }: Admission,
  result: Minted & { ok: false },
): Promise<void> {
  const now = ctx.clock.now();
  const { code, cause } = result.error;
  ctx.logger.warn('session.failed', {
    sessionId: plan.sessionId,
    code,
    ...(cause === undefined ? {} : { error: describeError(cause) }),
  });
  return recordMint(ctx, {
    plan,
    state: 'failed',
    reason: code,
    attempts: result.attempts,
    settlements: result.settlements,
    endedAtMs: now,
    mintMs: now - plan.nowMs,
  });
}

async function recordIssued(
  ctx: ServiceContext,
  { plan }: Admission,
  result: Minted & { ok: true },
): Promise<Date> {
  const { secret, attempts, settlements, keyId } = result;
  const expiresAtMs = secret.expires_at * 1_000;
  await recordMint(ctx, {
    plan,
    state: 'issued',
    attempts,
    settlements,
    keyId,
    expiresAtMs,
    providerSessionId: secret.session.id,
    mintMs: ctx.clock.now() - plan.nowMs,
  });
  return new Date(expiresAtMs);
}

async function mintAdmitted(
  ctx: ServiceContext,
  admission: Admission,
  { sessionJson, model }: TokenOrder,
): Promise<IssuedToken> {
  const { plan, ttlSeconds, rateLimit } = admission;
  const { sessionId } = plan;
  const safetyIdentifier = await ctx.pseudonyms.safetyIdentifierOf(plan.ownerId);
  const result = await mintWithPool(ctx, { ttlSeconds, sessionJson, safetyIdentifier });
  if (!result.ok) {
    await recordFailure(ctx, admission, result);
    const { code, message, details, cause } = result.error;
    throw new AppError(code, message, { cause, details: { ...details, sessionId, rateLimit } });
  }
  const expiresAt = await recordIssued(ctx, admission, result);
  return {
    sessionId,
    secret: result.secret,
    text: result.text,
    model: model.id,
    issuedAt: new Date(plan.nowMs),
    expiresAt,
    callsUrl: ctx.provider.callsUrl,
    warnings: [...admission.warnings, ...(await warnOfBudgets(ctx, admission))],
    rateLimit,
  };
}

/**
 * Mints a client secret for the caller. Nothing is asked of the provider before the request is admitted, and nothing is
 * answered before the session row is committed.
 */
export async function createToken(ctx: ServiceContext, input: CreateTokenInput): Promise<IssuedToken> {
  const actor = requireScope(ctx, 'tokens:mint');
  const order = readOrder(input, ctx.clock.now());
  const work = ctx.mintGate.run(async () => {
    const admission = await admit(ctx, order, { actor, userId: input.userId });
    return await mintAdmitted(ctx, admission, order);
  });
  // A caller who hangs up must not leave a secret without a row: the work goes on to its end.
  ctx.waitUntil?.(Promise.allSettled([work]));
  return await work;
}
