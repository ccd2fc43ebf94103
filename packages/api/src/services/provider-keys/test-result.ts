import type { FailureClass } from '../../pool/failure-class.ts';
import { classifyFailure } from '../../pool/failure-class.ts';
import type { KeyCheck } from '../../providers/key-tester.ts';

/** What showing a key to its provider came to. */
export type TestResult = {
  ok: boolean;
  /** The provider's code, else the class of the failure. */
  code: string | null;
  message: string;
  latencyMs: number;
  /** Null where there was no answer. */
  status: number | null;
};

const MESSAGES: Readonly<Record<FailureClass, string>> = {
  key_rejected: 'The provider rejects this key.',
  quota_exhausted: 'The quota of this key is used up.',
  rate_limited: 'The provider is limiting the requests of this key at the moment.',
  server_error: 'The provider failed.',
  timeout: 'The provider did not answer in time.',
  unreachable: 'The provider cannot be reached.',
  invalid_answer: 'The provider sent an answer that makes no sense.',
  forbidden: 'The provider knows this key, but does not let it do this.',
  request_refused: 'The provider refused the request.',
};

export function toTestResult(check: KeyCheck): TestResult {
  const { latencyMs } = check;
  if (check.ok) return { ok: true, code: null, message: 'The key works.', latencyMs, status: check.status };
  const { outcome } = check;
  const failure = classifyFailure(outcome);
  const told = outcome.kind === 'refused' ? outcome.code : null;
  const status = 'status' in outcome ? outcome.status : null;
  return { ok: false, code: told ?? failure, message: MESSAGES[failure], latencyMs, status };
}
