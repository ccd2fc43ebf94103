import type { AppError, AppErrorCode } from '@ephemera/api';

import { refusalHeaders } from './rate-limit-headers.ts';

type Shape = { type: string; code: string };

const SHAPES: Record<AppErrorCode, Shape> = {
  invalid_request: { type: 'invalid_request_error', code: 'invalid_parameter' },
  model_not_found: { type: 'invalid_request_error', code: 'model_not_found' },
  unauthenticated: { type: 'invalid_request_error', code: 'invalid_api_key' },
  token_expired: { type: 'invalid_request_error', code: 'token_expired' },
  reauthentication_required: { type: 'invalid_request_error', code: 'reauthentication_required' },
  budget_exceeded: { type: 'insufficient_quota', code: 'budget_exceeded' },
  forbidden: { type: 'invalid_request_error', code: 'forbidden' },
  insufficient_scope: { type: 'invalid_request_error', code: 'insufficient_scope' },
  model_not_allowed: { type: 'invalid_request_error', code: 'model_not_allowed' },
  origin_not_allowed: { type: 'invalid_request_error', code: 'origin_not_allowed' },
  user_blocked: { type: 'invalid_request_error', code: 'user_blocked' },
  not_found: { type: 'invalid_request_error', code: 'not_found' },
  method_not_allowed: { type: 'invalid_request_error', code: 'method_not_allowed' },
  conflict: { type: 'invalid_request_error', code: 'conflict' },
  idempotency_conflict: { type: 'idempotency_error', code: 'idempotency_conflict' },
  payload_too_large: { type: 'invalid_request_error', code: 'payload_too_large' },
  unsupported_media_type: { type: 'invalid_request_error', code: 'unsupported_media_type' },
  idempotency_key_reused: { type: 'idempotency_error', code: 'idempotency_key_reused' },
  rate_limited: { type: 'rate_limit_error', code: 'rate_limited' },
  session_limit: { type: 'rate_limit_error', code: 'session_limit' },
  upstream_rejected: { type: 'server_error', code: 'provider_error' },
  upstream_unreachable: { type: 'server_error', code: 'provider_unreachable' },
  upstream_invalid: { type: 'server_error', code: 'provider_invalid_answer' },
  upstream_rate_limited: { type: 'server_error', code: 'provider_rate_limited' },
  no_healthy_provider_key: { type: 'server_error', code: 'no_healthy_provider_key' },
  unavailable: { type: 'server_error', code: 'unavailable' },
  upstream_timeout: { type: 'server_error', code: 'provider_timeout' },
  mailbox_full: { type: 'server_error', code: 'mailbox_full' },
  internal: { type: 'server_error', code: 'internal_error' },
};

export type OpenAiErrorAnswer = {
  status: number;
  body: { error: Record<string, unknown> };
  headers: Record<string, string>;
};

/** The provider's own error shape, which its SDKs turn into typed errors. */
export function toOpenAiError(
  error: AppError,
  request: { hasCredentials: boolean; requestId: string },
): OpenAiErrorAnswer {
  const status = error.httpStatus;
  const { type, code } = SHAPES[error.code];
  const isMissing = error.code === 'unauthenticated' && !request.hasCredentials;
  const { param, provider, sessionId } = error.details;
  return {
    status,
    body: {
      error: {
        message: error.message,
        type,
        param: param ?? null,
        code: isMissing ? 'missing_credentials' : code,
        request_id: request.requestId,
        ...(provider === undefined ? {} : { provider }),
      },
    },
    headers: {
      ...refusalHeaders(error),
      ...(sessionId === undefined ? {} : { 'x-broker-session-id': sessionId }),
    },
  };
}
