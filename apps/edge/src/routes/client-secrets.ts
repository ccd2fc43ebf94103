import {
  AppError,
  createServiceContext,
  createToken,
  createTokenOnce,
  type IssuedToken,
  listModels,
  type ServiceContext,
} from '@ephemera/api';
import { type ClientSecretRequest, clientSecretRequestSchema } from '@ephemera/realtime-protocol';

import { authenticate } from '../http/authenticate.ts';
import { answerJsonText, type EdgeContext } from '../http/edge-context.ts';
import { readJsonBody } from '../http/read-body.ts';
import { toInvalidRequest } from '../http/zod-problem.ts';
import { requestInfo, type RouteDependencies } from './route-dependencies.ts';

const BODY_RULES = { maxBytes: 524_288, contentTypes: ['application/json'] } as const;
const DAY_MS = 86_400_000;

/** `POST /v1/realtime/client_secrets`, in the provider's own shape. */
export function createClientSecretsRoute({ api, actors }: RouteDependencies) {
  return async (c: EdgeContext): Promise<Response> => {
    const actor = await authenticate(c, actors);
    const { session, expires_after: expiry } = await readRequest(c);
    const ctx = createServiceContext(api, requestInfo(c, actor));
    const input = { session, ttlSeconds: expiry?.seconds };
    const idempotencyKey = c.req.header('idempotency-key');
    if (idempotencyKey === undefined) return answerToken(c, ctx, await createToken(ctx, input));
    checkIdempotencyKey(idempotencyKey);
    const { token, isReplayed } = await createTokenOnce(ctx, { ...input, idempotencyKey });
    const response = answerToken(c, ctx, token);
    if (isReplayed) response.headers.set('idempotent-replayed', 'true');
    return response;
  };
}

function answerToken(c: EdgeContext, ctx: ServiceContext, token: IssuedToken): Response {
  c.get('note').sessionId = token.sessionId;
  return answerJsonText(c, token.text, {
    headers: { 'x-broker-session-id': token.sessionId, ...warningHeaders(ctx, token) },
  });
}

const IDEMPOTENCY_KEY = /^[\x21-\x7e]{1,255}$/;

function checkIdempotencyKey(key: string): void {
  if (IDEMPOTENCY_KEY.test(key)) return;
  throw new AppError(
    'invalid_request',
    'An Idempotency-Key has 1 to 255 printable characters without spaces.',
    {
      details: { param: 'Idempotency-Key' },
    },
  );
}

async function readRequest(c: EdgeContext): Promise<ClientSecretRequest> {
  const parsed = clientSecretRequestSchema.safeParse((await readJsonBody(c.req.raw, BODY_RULES)) ?? {});
  if (parsed.success) return parsed.data;
  throw toInvalidRequest(parsed.error);
}

/** RFC 9111 `Warning` for people, RFC 9745 and RFC 8594 for machines. */
function warningHeaders(ctx: ServiceContext, token: IssuedToken): Record<string, string> {
  if (token.warnings.length === 0) return {};
  const headers: Record<string, string> = {
    warning: token.warnings.map(({ message }) => `299 - ${JSON.stringify(message)}`).join(', '),
  };
  const shutdownAt = listModels(ctx).models.find(({ id }) => id === token.model)?.shutdownAt ?? null;
  if (shutdownAt === null) return headers;
  const lastMomentMs = Date.parse(`${shutdownAt}T00:00:00Z`) + DAY_MS;
  return {
    ...headers,
    deprecation: `@${Math.floor(token.issuedAt.getTime() / 1_000)}`,
    sunset: new Date(lastMomentMs).toUTCString(),
  };
}
