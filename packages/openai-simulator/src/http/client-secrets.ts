import {
  CLIENT_SECRET_TTL,
  clientSecretRequestSchema,
  type ClientSecretRequest,
} from '@ephemera/realtime-protocol';

import { findSessionRefusal } from '../core/session-config.ts';
import { describeRefusal } from '../core/validation.ts';
import type { Simulation } from '../simulation.ts';
import { parseJson } from './body.ts';
import { requireProjectKey } from './credentials.ts';
import type { ApiContext } from './environment.ts';
import { type ApiError, createApiError, toResponse } from './errors.ts';

function parseRequest(text: string): ClientSecretRequest | ApiError {
  if (text.trim() === '') return {};
  const json = parseJson(text);
  if (!json.ok) {
    const message = 'We could not parse the JSON body of your request.';
    return createApiError(400, { message, param: null, code: null });
  }
  const parsed = clientSecretRequestSchema.safeParse(json.value);
  if (!parsed.success) return createApiError(400, describeRefusal(parsed.error, json.value));
  const refusal = parsed.data.session === undefined ? null : findSessionRefusal(parsed.data.session);
  if (refusal === null) return parsed.data;
  return createApiError(refusal.code === 'model_not_found' ? 404 : 400, refusal);
}

export function createClientSecret(simulation: Simulation, c: ApiContext): Response {
  const refusal = requireProjectKey(c.get('credential'));
  if (refusal !== null) return toResponse(refusal);
  const request = parseRequest(c.get('bytes').toString('utf8'));
  if ('status' in request) return toResponse(request);
  const secret = simulation.secrets.create({
    ttlSeconds: request.expires_after?.seconds ?? CLIENT_SECRET_TTL.default,
    asked: request.session,
    safetyIdentifier: c.req.header('openai-safety-identifier') ?? null,
  });
  return c.json({ value: secret.value, expires_at: secret.expiresAtSeconds, session: secret.session });
}
