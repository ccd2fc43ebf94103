import type { OpenAiErrorBody } from '@ephemera/realtime-protocol';

import type { Refusal } from '../core/validation.ts';

/** `body` is the provider's shape, but for a fault that puts something else there. */
export type ApiError = { status: number; body: OpenAiErrorBody | {}; headers?: Record<string, string> };

export function createApiError(
  status: number,
  refusal: Refusal,
  type = status >= 500 ? 'server_error' : 'invalid_request_error',
): ApiError {
  const { message, param, code } = refusal;
  return { status, body: { error: { message, type, param, code } } };
}

export const BETA_REFUSAL: Refusal = {
  message: 'The Realtime Beta API is no longer supported. Please use /v1/realtime for the GA API.',
  param: null,
  code: 'beta_api_shape_disabled',
};

/** What the provider is known to say with a status, for a fault that names only the number. */
export function describeStatus(status: number): ApiError {
  const say = (message: string, code: string | null, type?: string) =>
    createApiError(status, { message, param: null, code }, type);
  if (status === 401) return say('Incorrect API key provided.', 'invalid_api_key');
  if (status === 403) return say('Your project does not have access to this model.', 'model_not_found');
  if (status === 429)
    return say('Rate limit reached for requests. Please try again later.', 'rate_limit_exceeded', 'requests');
  if (status === 503)
    return say('The engine is currently overloaded, please try again later.', null, 'service_unavailable');
  if (status >= 500)
    return say('The server had an error while processing your request. Sorry about that!', null);
  return say(`The request was refused with status ${status}.`, null);
}

export function toResponse(error: ApiError): Response {
  return Response.json(error.body, { status: error.status, headers: error.headers ?? {} });
}
