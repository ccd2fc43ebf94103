import { test } from 'vitest';

import type { FailedOutcome, FailureClass } from './failure-class.ts';
import { classifyCode, classifyFailure, isWorthAnotherKey } from './failure-class.ts';

const refused = (status: number, code: string | null = null): FailedOutcome => ({
  kind: 'refused',
  status,
  code,
});

const CASES: [FailedOutcome, FailureClass, boolean][] = [
  [refused(401, 'invalid_api_key'), 'key_rejected', true],
  [refused(401, 'account_deactivated'), 'key_rejected', true],
  [refused(401), 'key_rejected', true],
  [refused(403, 'account_deactivated'), 'key_rejected', true],
  [refused(429, 'insufficient_quota'), 'quota_exhausted', true],
  [refused(429, 'billing_hard_limit_reached'), 'quota_exhausted', true],
  [refused(402), 'quota_exhausted', true],
  [refused(429, 'rate_limit_exceeded'), 'rate_limited', true],
  [refused(429), 'rate_limited', true],
  [refused(403), 'forbidden', false],
  [refused(400, 'invalid_value'), 'request_refused', false],
  [refused(404, 'model_not_found'), 'request_refused', false],
  [refused(422), 'request_refused', false],
  [refused(408), 'timeout', true],
  [refused(504), 'timeout', true],
  [refused(409), 'server_error', true],
  [refused(500, 'server_error'), 'server_error', true],
  [refused(503), 'server_error', true],
  [{ kind: 'timeout' }, 'timeout', true],
  [{ kind: 'unreachable' }, 'unreachable', true],
  [{ kind: 'invalid' }, 'invalid_answer', true],
];

test('every way to fail has one class, and only what another key can mend moves on', ({ expect }) => {
  for (const [outcome, failure, isWorth] of CASES) {
    expect(classifyFailure(outcome), JSON.stringify(outcome)).toBe(failure);
    expect(isWorthAnotherKey(failure), failure).toBe(isWorth);
  }
});

test('a code under a status that is not about the key condemns nobody', ({ expect }) => {
  for (const status of [400, 404, 409, 422, 500, 503])
    for (const code of ['invalid_api_key', 'account_deactivated', 'insufficient_quota'])
      expect(['request_refused', 'server_error']).toContain(classifyFailure(refused(status, code)));
});

test('a reported code is known or says nothing', ({ expect }) => {
  expect(classifyCode('billing_hard_limit_reached')).toBe('quota_exhausted');
  expect(classifyCode('rate_limit_exceeded')).toBe('rate_limited');
  expect(classifyCode('constructor')).toBeNull();
  expect(classifyCode('the dog ate it')).toBeNull();
});
