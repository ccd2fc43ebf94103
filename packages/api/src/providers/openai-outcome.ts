import { clientSecretResponseSchema, openAiErrorBodySchema } from '@ephemera/realtime-protocol';
import type { ClientSecretResponse } from '@ephemera/realtime-protocol';

import { AppError } from '../errors.ts';
import type { AppErrorDetails } from '../errors.ts';
import type { FailedOutcome } from './realtime-provider.ts';

/** Error codes of the provider that may be told on. Whatever else stands in its body stays out: it may quote our key. */
const TELLABLE_CODES = new Set([
  'account_deactivated',
  'billing_hard_limit_reached',
  'insufficient_quota',
  'invalid_api_key',
  'invalid_value',
  'missing_required_parameter',
  'model_not_found',
  'rate_limit_exceeded',
  'server_error',
  'unknown_parameter',
]);

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

export function readErrorCode(text: string): string | null {
  const body = openAiErrorBodySchema.safeParse(parseJson(text));
  const code = body.success ? body.data.error.code : null;
  return typeof code === 'string' && TELLABLE_CODES.has(code) ? code : null;
}

/** A secret that is already over is as useless as none. */
export function readSecret(text: string, nowMs: number): ClientSecretResponse | null {
  const parsed = clientSecretResponseSchema.safeParse(parseJson(text));
  return parsed.success && parsed.data.expires_at * 1_000 > nowMs ? parsed.data : null;
}

function toRefusal(outcome: FailedOutcome & { kind: 'refused' }, retryAfterSeconds: number | null): AppError {
  const { status, code } = outcome;
  const details: AppErrorDetails = {
    provider: { status, code },
    ...(retryAfterSeconds === null ? {} : { retryAfterSeconds }),
  };
  if (status === 429 && code !== 'insufficient_quota') {
    const message = 'The provider is limiting our requests. Try again a little later.';
    return new AppError('upstream_rate_limited', message, { details: { retryAfterSeconds: 1, ...details } });
  }
  if (status === 408 || status === 504) {
    return new AppError('upstream_timeout', 'The provider did not answer in time.', { details });
  }
  const what = status >= 500 ? 'The provider failed' : 'The provider refused the request';
  return new AppError('upstream_rejected', `${what} (${code ?? status}).`, { details });
}

/** One error of ours for each way in which the provider can fail us. */
export function toMintError(outcome: FailedOutcome, retryAfterSeconds: number | null): AppError {
  if (outcome.kind === 'refused') return toRefusal(outcome, retryAfterSeconds);
  if (outcome.kind === 'unreachable') {
    return new AppError('upstream_unreachable', 'The provider cannot be reached.', { cause: outcome.cause });
  }
  if (outcome.kind === 'timeout')
    return new AppError('upstream_timeout', 'The provider did not answer in time.');
  return new AppError('upstream_invalid', 'The provider sent an answer that makes no sense.', {
    details: { provider: { status: outcome.status, code: null } },
  });
}
