import {
  AppError,
  createToken,
  type CreateTokenInput,
  createTokenOnce,
  type IssuedToken,
  type ServiceContext,
} from '@ephemera/api';

import type { EdgeContext } from '../http/edge-context.ts';
import { rateLimitHeaders } from '../http/rate-limit-headers.ts';

const IDEMPOTENCY_KEY = /^[\x21-\x7e]{1,255}$/;

export type AnsweredToken = {
  token: IssuedToken;
  /** The fields that every answer with a token has, whatever its shape. */
  headers: Record<string, string>;
};

/** Mints once: with an `Idempotency-Key` a repeated request gets the first one's token. */
export async function mintToken(
  c: EdgeContext,
  ctx: ServiceContext,
  input: CreateTokenInput,
): Promise<AnsweredToken> {
  const { token, isReplayed } = await createOrReplay(c, ctx, input);
  c.get('note').sessionId = token.sessionId;
  return {
    token,
    headers: {
      'x-broker-session-id': token.sessionId,
      ...rateLimitHeaders(token.rateLimit),
      ...(isReplayed ? { 'idempotent-replayed': 'true' } : {}),
    },
  };
}

async function createOrReplay(c: EdgeContext, ctx: ServiceContext, input: CreateTokenInput) {
  const idempotencyKey = c.req.header('idempotency-key');
  // Guests of one network are not told apart: one could ask for the token of another.
  const isGuest = ctx.actor.kind === 'anonymous';
  if (idempotencyKey === undefined || isGuest)
    return { token: await createToken(ctx, input), isReplayed: false };
  if (IDEMPOTENCY_KEY.test(idempotencyKey)) return await createTokenOnce(ctx, { ...input, idempotencyKey });
  throw new AppError(
    'invalid_request',
    'An Idempotency-Key has 1 to 255 printable characters without spaces.',
    { details: { param: 'Idempotency-Key' } },
  );
}
