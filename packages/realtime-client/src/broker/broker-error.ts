import type { AppErrorCode, AppRouter } from '@ephemera/api';
import { TRPCClientError } from '@trpc/client';

import { RealtimeError } from '../errors.ts';
import type { RealtimeErrorCode } from '../errors.ts';

/** What a "no" of the broker means, by what it was asked for. */
export type BrokerRefusal = 'mint_refused' | 'turn_unavailable' | 'report_refused';

const PROVIDER_IS_AWAY: ReadonlySet<AppErrorCode> = new Set(['upstream_unreachable', 'upstream_timeout']);

const PASSING: ReadonlySet<AppErrorCode> = new Set([
  'rate_limited',
  'upstream_rate_limited',
  'upstream_unreachable',
  'upstream_timeout',
  'no_healthy_provider_key',
  'unavailable',
  'internal',
]);

/** Translates an error of the tRPC client. Without the broker's own error data nobody, or somebody else, has answered. */
export function toBrokerError(cause: unknown, refusal: BrokerRefusal): RealtimeError {
  if (!isBrokerClientError(cause))
    return new RealtimeError('protocol', 'The request to the broker failed', { cause });
  if (cause.cause instanceof RealtimeError) return cause.cause;
  const { data } = cause;
  if (!data?.appCode)
    return new RealtimeError('broker_unreachable', 'The broker could not be reached', { cause });
  const { appCode, httpStatus: status, requestId, details } = data;
  return new RealtimeError(classify(appCode, refusal), cause.message, {
    cause,
    status,
    brokerCode: appCode,
    isRetryable: PASSING.has(appCode) || (details.provider?.status ?? 0) >= 500,
    requestId: requestId ?? undefined,
    sessionId: details.sessionId,
    providerCode: details.provider?.code ?? undefined,
  });
}

function classify(appCode: AppErrorCode, refusal: BrokerRefusal): RealtimeErrorCode {
  return refusal === 'mint_refused' && PROVIDER_IS_AWAY.has(appCode) ? 'provider_unreachable' : refusal;
}

function isBrokerClientError(cause: unknown): cause is TRPCClientError<AppRouter> {
  return cause instanceof TRPCClientError;
}
