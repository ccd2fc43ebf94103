import type { AppError, RateLimitState } from '@ephemera/api';

/** `RateLimit` and `RateLimit-Policy` of draft-ietf-httpapi-ratelimit-headers-11; empty where nothing was counted. */
export function rateLimitHeaders(state: RateLimitState | undefined): Record<string, string> {
  if (state === undefined) return {};
  const { policy, limit, remaining, resetSeconds, windowSeconds } = state;
  return {
    ratelimit: `"${policy}";r=${Math.max(0, remaining)};t=${Math.ceil(resetSeconds)}`,
    'ratelimit-policy': `"${policy}";q=${limit};w=${windowSeconds}`,
  };
}

/** Longer than any client waits by itself. */
const LONG_WAIT_SECONDS = 60;

/** Where the same request cannot go better within a client's retries. */
function isUselessToRetry(error: AppError): boolean {
  const { httpStatus, code, details } = error;
  if (code === 'upstream_rejected') return (details.provider?.status ?? 500) < 500;
  if (code === 'no_healthy_provider_key') return details.retryAfterSeconds === undefined;
  if (httpStatus === 429 || details.retryAfterSeconds !== undefined) {
    return (details.retryAfterSeconds ?? 0) > LONG_WAIT_SECONDS;
  }
  return httpStatus < 500;
}

/** `Retry-After` in both forms that SDKs read; empty when nobody knows when a retry makes sense. */
function retryAfterHeaders(seconds: number | undefined): Record<string, string> {
  if (seconds === undefined) return {};
  return { 'retry-after': String(Math.ceil(seconds)), 'retry-after-ms': String(Math.ceil(seconds * 1_000)) };
}

/** What is left of a budget, to the micro-dollar; bodies tell it outside production alone. */
function budgetHeaders(budget: AppError['details']['budget']): Record<string, string> {
  if (budget === undefined) return {};
  return {
    'x-broker-budget-limit-micro-usd': String(budget.limitMicroUsd),
    'x-broker-budget-left-micro-usd': String(budget.leftMicroUsd),
    'x-broker-budget-resets-at': budget.resetsAt,
  };
}

/** What an error says to the machine that may try again, the same in every shape. */
export function refusalHeaders(error: AppError): Record<string, string> {
  const { budget, rateLimit, retryAfterSeconds } = error.details;
  return {
    ...retryAfterHeaders(retryAfterSeconds),
    ...rateLimitHeaders(rateLimit),
    ...budgetHeaders(budget),
    ...(isUselessToRetry(error) ? { 'x-should-retry': 'false' } : {}),
    ...(error.httpStatus === 401 ? { 'www-authenticate': 'Bearer' } : {}),
  };
}
