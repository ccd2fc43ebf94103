import { createServiceContext } from '@ephemera/api';
import { type ClientSecretRequest, clientSecretRequestSchema } from '@ephemera/realtime-protocol';

import { authenticate } from '../http/authenticate.ts';
import { answerJsonText, type EdgeContext } from '../http/edge-context.ts';
import { readJsonBody } from '../http/read-body.ts';
import { sunsetHeaders, warningHeaders } from '../http/warning-headers.ts';
import { toInvalidRequest } from '../http/zod-problem.ts';
import { mintToken } from './mint-token.ts';
import { requestInfo, type RouteDependencies } from './route-dependencies.ts';

const BODY_RULES = { maxBytes: 524_288, contentTypes: ['application/json'] } as const;

/** `POST /v1/realtime/client_secrets`, in the provider's own shape. */
export function createClientSecretsRoute({ api, actors }: RouteDependencies) {
  return async (c: EdgeContext): Promise<Response> => {
    const actor = await authenticate(c, actors);
    api.mintGate.check();
    const { session, expires_after: expiry } = await readRequest(c);
    const ctx = createServiceContext(api, requestInfo(c, actor));
    const { token, headers } = await mintToken(c, ctx, { session, ttlSeconds: expiry?.seconds });
    return answerJsonText(c, token.text, {
      headers: {
        ...headers,
        ...warningHeaders(token.warnings.map(({ message }) => message)),
        ...sunsetHeaders(token.model, token.issuedAt),
      },
    });
  };
}

async function readRequest(c: EdgeContext): Promise<ClientSecretRequest> {
  const parsed = clientSecretRequestSchema.safeParse((await readJsonBody(c, BODY_RULES)) ?? {});
  if (parsed.success) return parsed.data;
  throw toInvalidRequest(parsed.error);
}
