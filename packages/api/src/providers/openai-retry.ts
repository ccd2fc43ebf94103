import type { Outcome, RetryHeaders } from './realtime-provider.ts';

const BASE_DELAY_MS = 500;
const MAX_DELAY_MS = 8_000;

/** Codes with which the provider says that another try cannot help. */
const FINAL_CODES = new Set(['account_deactivated', 'billing_hard_limit_reached', 'insufficient_quota']);

/** What the provider asks us to wait, in milliseconds; null where it asks nothing or something unreadable. */
export function readRetryAfter(headers: RetryHeaders, nowMs: number): number | null {
  const inMs = Number.parseFloat(headers.retryAfterMs ?? '');
  if (Number.isFinite(inMs)) return Math.max(0, inMs);
  if (headers.retryAfter === null) return null;
  const seconds = Number(headers.retryAfter);
  if (Number.isFinite(seconds)) return Math.max(0, seconds * 1_000);
  const date = Date.parse(headers.retryAfter);
  return Number.isNaN(date) ? null : Math.max(0, date - nowMs);
}

function isRetryable(outcome: Outcome): boolean {
  if (outcome.kind === 'unreachable') return true;
  if (outcome.kind !== 'refused') return false;
  const { status, code, headers } = outcome;
  if (status === 401 || status === 403 || (code !== null && FINAL_CODES.has(code))) return false;
  if (headers.shouldRetry === 'true') return true;
  if (headers.shouldRetry === 'false') return false;
  return status === 408 || status === 409 || status === 429 || status >= 500;
}

export type RetryMoment = { attempt: number; nowMs: number; deadlineMs: number; random: () => number };

/** Milliseconds until the next attempt by the SDK's rules, or null for none. Never waits past the deadline. */
export function planRetry(
  outcome: Outcome,
  { attempt, nowMs, deadlineMs, random }: RetryMoment,
): number | null {
  if (!isRetryable(outcome)) return null;
  const asked = outcome.kind === 'refused' ? readRetryAfter(outcome.headers, nowMs) : null;
  const backoff = Math.min(BASE_DELAY_MS * 2 ** (attempt - 1), MAX_DELAY_MS) * (1 - random() * 0.25);
  const delayMs = asked ?? backoff;
  return nowMs + delayMs < deadlineMs ? delayMs : null;
}
