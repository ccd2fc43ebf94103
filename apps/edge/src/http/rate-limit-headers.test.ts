import { AppError, type AppErrorCode, type AppErrorDetails } from '@ephemera/api';
import { test } from 'vitest';

import { rateLimitHeaders, refusalHeaders } from './rate-limit-headers.ts';

const STATE = { policy: 'mint', limit: 60, remaining: 59, resetSeconds: 40.2, windowSeconds: 60 };

test('what is left of a limit is written as the draft has it', ({ expect }) => {
  expect(rateLimitHeaders(STATE)).toEqual({
    ratelimit: '"mint";r=59;t=41',
    'ratelimit-policy': '"mint";q=60;w=60',
  });
  expect(rateLimitHeaders(undefined)).toEqual({});
});

test('over a limit: when to come back, in both units, and what the limit is', ({ expect }) => {
  const details = { retryAfterSeconds: 40.2, rateLimit: { ...STATE, remaining: 0 } };
  expect(refusalHeaders(new AppError('rate_limited', 'x', { details }))).toEqual({
    'retry-after': '41',
    'retry-after-ms': '40200',
    ratelimit: '"mint";r=0;t=41',
    'ratelimit-policy': '"mint";q=60;w=60',
  });
});

const CASES: readonly { code: AppErrorCode; details?: AppErrorDetails; isUseless: boolean }[] = [
  { code: 'budget_exceeded', isUseless: true },
  { code: 'model_not_allowed', isUseless: true },
  { code: 'origin_not_allowed', isUseless: true },
  { code: 'insufficient_scope', isUseless: true },
  { code: 'user_blocked', isUseless: true },
  { code: 'idempotency_conflict', isUseless: true },
  { code: 'idempotency_conflict', details: { retryAfterSeconds: 1 }, isUseless: false },
  { code: 'budget_exceeded', details: { retryAfterSeconds: 3_600 }, isUseless: true },
  { code: 'unauthenticated', isUseless: true },
  { code: 'invalid_request', isUseless: true },
  { code: 'rate_limited', details: { retryAfterSeconds: 60 }, isUseless: false },
  { code: 'rate_limited', details: { retryAfterSeconds: 61 }, isUseless: true },
  { code: 'session_limit', details: { retryAfterSeconds: 10 }, isUseless: false },
  { code: 'upstream_rejected', details: { provider: { status: 400, code: null } }, isUseless: true },
  { code: 'upstream_rejected', details: { provider: { status: 500, code: null } }, isUseless: false },
  { code: 'upstream_timeout', isUseless: false },
  { code: 'no_healthy_provider_key', isUseless: true },
  { code: 'no_healthy_provider_key', details: { retryAfterSeconds: 5 }, isUseless: false },
  { code: 'unavailable', isUseless: false },
  { code: 'mailbox_full', details: { retryAfterSeconds: 5 }, isUseless: false },
  { code: 'internal', isUseless: false },
];

for (const { code, details = {}, isUseless } of CASES) {
  test(`${code} ${JSON.stringify(details)} is ${isUseless ? 'not ' : ''}to be tried again`, ({ expect }) => {
    const headers = refusalHeaders(new AppError(code, 'x', { details }));
    expect(headers['x-should-retry']).toBe(isUseless ? 'false' : undefined);
  });
}

test('who is not known is told how to say who they are', ({ expect }) => {
  expect(refusalHeaders(new AppError('token_expired', 'x'))['www-authenticate']).toBe('Bearer');
  expect(refusalHeaders(new AppError('forbidden', 'x'))['www-authenticate']).toBeUndefined();
});

test('a budget that is used up is told to the micro-dollar', ({ expect }) => {
  const resetsAt = '2026-12-01T00:00:00.000Z';
  const budget = { scope: 'user', limitMicroUsd: 1_000_000, leftMicroUsd: 4_999, resetsAt } as const;
  const error = new AppError('budget_exceeded', 'x', { details: { budget, rateLimit: STATE } });
  expect(refusalHeaders(error)).toEqual({
    'x-broker-budget-limit-micro-usd': '1000000',
    'x-broker-budget-left-micro-usd': '4999',
    'x-broker-budget-resets-at': resetsAt,
    ratelimit: '"mint";r=59;t=41',
    'ratelimit-policy': '"mint";q=60;w=60',
    'x-should-retry': 'false',
  });
});
