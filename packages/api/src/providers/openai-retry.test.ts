import { test } from 'vitest';

import type { Outcome, RetryHeaders } from './realtime-provider.ts';
import { planRetry, readRetryAfter } from './openai-retry.ts';

const NO_HEADERS: RetryHeaders = { shouldRetry: null, retryAfterMs: null, retryAfter: null };
const moment = { attempt: 1, nowMs: 1_000, deadlineMs: 11_000, random: () => 0 };

function refused(status: number, extra: { code?: string; headers?: Partial<RetryHeaders> } = {}): Outcome {
  return { kind: 'refused', status, code: extra.code ?? null, headers: { ...NO_HEADERS, ...extra.headers } };
}

test('retries what the SDK retries, and nothing else', ({ expect }) => {
  for (const status of [408, 409, 429, 500, 502, 503, 599])
    expect(planRetry(refused(status), moment), `${status}`).toBe(500);
  for (const status of [400, 401, 403, 404, 422])
    expect(planRetry(refused(status), moment), `${status}`).toBeNull();
  expect(planRetry({ kind: 'unreachable', cause: null }, moment)).toBe(500);
  expect(planRetry({ kind: 'timeout' }, moment)).toBeNull();
  expect(planRetry({ kind: 'invalid', status: 200 }, moment)).toBeNull();
});

test('x-should-retry decides, except where another try cannot help', ({ expect }) => {
  const yes = { headers: { shouldRetry: 'true' } };
  expect(planRetry(refused(400, yes), moment)).toBe(500);
  expect(planRetry(refused(503, { headers: { shouldRetry: 'false' } }), moment)).toBeNull();
  expect(planRetry(refused(401, yes), moment)).toBeNull();
  expect(planRetry(refused(403, yes), moment)).toBeNull();
  expect(planRetry(refused(429, { code: 'insufficient_quota', ...yes }), moment)).toBeNull();
});

test('waits what the provider asks, milliseconds before seconds before dates', ({ expect }) => {
  expect(readRetryAfter({ ...NO_HEADERS, retryAfterMs: '120', retryAfter: '7' }, 0)).toBe(120);
  expect(readRetryAfter({ ...NO_HEADERS, retryAfter: '2' }, 0)).toBe(2_000);
  expect(readRetryAfter({ ...NO_HEADERS, retryAfter: new Date(5_000).toUTCString() }, 2_000)).toBe(3_000);
  expect(readRetryAfter({ ...NO_HEADERS, retryAfter: 'soon' }, 0)).toBeNull();
  expect(readRetryAfter({ ...NO_HEADERS, retryAfter: '-5' }, 0)).toBe(0);
});

test('a wait beyond the deadline is not begun', ({ expect }) => {
  expect(planRetry(refused(429, { headers: { retryAfter: '30' } }), moment)).toBeNull();
  expect(planRetry(refused(503), { ...moment, nowMs: 10_600 })).toBeNull();
  expect(planRetry(refused(503), { ...moment, nowMs: 10_400 })).toBe(500);
});

test('backs off from half a second, with up to a quarter of jitter, to eight seconds', ({ expect }) => {
  const late = { ...moment, deadlineMs: 1_000_000 };
  expect([1, 2, 3, 4, 5, 6].map((attempt) => planRetry(refused(500), { ...late, attempt }))).toEqual([
    500, 1_000, 2_000, 4_000, 8_000, 8_000,
  ]);
  expect(planRetry(refused(500), { ...late, random: () => 1 })).toBe(375);
});
