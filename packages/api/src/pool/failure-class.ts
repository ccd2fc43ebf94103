/** What a failed try says about the key, the provider or the request. */
export type FailureClass =
  | 'key_rejected'
  | 'quota_exhausted'
  | 'rate_limited'
  | 'server_error'
  | 'timeout'
  | 'unreachable'
  | 'invalid_answer'
  | 'forbidden'
  | 'request_refused';

export type FailedOutcome =
  | { kind: 'refused'; status: number; code: string | null }
  | { kind: 'invalid' }
  | { kind: 'unreachable' }
  | { kind: 'timeout' };

/** Codes that say the same under any status about a key. */
const CODE_CLASSES: ReadonlyMap<string, FailureClass> = new Map([
  ['invalid_api_key', 'key_rejected'],
  ['account_deactivated', 'key_rejected'],
  ['insufficient_quota', 'quota_exhausted'],
  ['billing_hard_limit_reached', 'quota_exhausted'],
  ['rate_limit_exceeded', 'rate_limited'],
]);

/** What an error code alone says, for callers who report one; null for a code that says nothing about the key. */
export function classifyCode(code: string): FailureClass | null {
  return CODE_CLASSES.get(code) ?? null;
}

/**
 * Only these statuses are about the key. Under any other one the code is not believed: it may echo what the caller of
 * ours sent, and nobody outside may quarantine a key.
 */
const KEY_STATUSES = new Set([401, 402, 403, 429]);

function classifyStatus(status: number): FailureClass {
  if (status === 401) return 'key_rejected';
  if (status === 402) return 'quota_exhausted';
  if (status === 403) return 'forbidden';
  if (status === 429) return 'rate_limited';
  if (status === 408 || status === 504) return 'timeout';
  // 409 is the provider's own lock time-out, which its SDK retries.
  return status >= 500 || status === 409 ? 'server_error' : 'request_refused';
}

export function classifyFailure(outcome: FailedOutcome): FailureClass {
  if (outcome.kind === 'invalid') return 'invalid_answer';
  if (outcome.kind !== 'refused') return outcome.kind;
  const { status, code } = outcome;
  const told = code !== null && KEY_STATUSES.has(status) ? classifyCode(code) : null;
  return told ?? classifyStatus(status);
}

/** A 403 never moves a request to another key by itself, and a request that one key refuses, all refuse. */
export function isWorthAnotherKey(failure: FailureClass): boolean {
  return failure !== 'forbidden' && failure !== 'request_refused';
}
