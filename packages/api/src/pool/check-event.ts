import type { KeyCheck } from '../providers/key-tester.ts';
import { readRetryAfter } from '../providers/openai-retry.ts';
import { classifyFailure } from './failure-class.ts';
import type { KeyEvent } from './key-health.ts';

/** What showing a key to its provider says of its health. One failure is no outage: it opens no breaker. */
export function toCheckEvent(check: KeyCheck, nowMs: number): KeyEvent {
  if (check.ok) return { kind: 'tested' };
  const { outcome } = check;
  return {
    kind: 'failed',
    failure: classifyFailure(outcome),
    code: outcome.kind === 'refused' ? outcome.code : null,
    isProbe: false,
    retryAfterMs: outcome.kind === 'refused' ? readRetryAfter(outcome.headers, nowMs) : null,
    failuresInRow: 1,
    msSinceSuccess: 0,
  };
}
