import type { UpstreamAttempt } from '@ephemera/db';
import {
  DelegateBackoff,
  handleWhenResult,
  isTaskCancelledError,
  retry,
  timeout,
  TimeoutStrategy,
  wrap,
} from 'cockatiel';

import type { Clock } from '../context.ts';
import { describeError } from '../errors.ts';
import { ResponseTooLargeError } from './http-send.ts';
import type { HttpResponse, HttpSend } from './http-send.ts';
import type { Outcome } from './openai-outcome.ts';
import { readErrorCode, readSecret, toMintError } from './openai-outcome.ts';
import { planRetry, readRetryAfter } from './openai-retry.ts';
import type { MintRequest, MintResult, RealtimeProvider } from './realtime-provider.ts';

export type OpenAiOptions = {
  /** With the version, without a slash at the end: `https://api.openai.com/v1`. */
  baseUrl: string;
  send: HttpSend;
  clock: Clock;
  organization?: string | undefined;
  project?: string | undefined;
  /** For all attempts together. */
  timeoutMs?: number;
  /** 0 up to 1, for the jitter. */
  random?: () => number;
};

const DEFAULT_TIMEOUT_MS = 10_000;
const MAX_RETRIES = 2;
const MAX_BODY_BYTES = 262_144;

async function readOutcome(response: HttpResponse, nowMs: number): Promise<Outcome> {
  const { status, headers } = response;
  const text = await response.text(MAX_BODY_BYTES);
  if (status >= 200 && status < 300) {
    const secret = readSecret(text, nowMs);
    return secret === null ? { kind: 'invalid', status } : { kind: 'issued', status, secret };
  }
  if (status < 400) return { kind: 'invalid', status };
  const retryHeaders = {
    shouldRetry: headers.get('x-should-retry') ?? null,
    retryAfterMs: headers.get('retry-after-ms') ?? null,
    retryAfter: headers.get('retry-after') ?? null,
  };
  return { kind: 'refused', status, code: readErrorCode(text), headers: retryHeaders };
}

function describeAttempt(outcome: Outcome, durationMs: number): UpstreamAttempt {
  if (outcome.kind === 'unreachable' || outcome.kind === 'timeout') {
    return { status: null, code: outcome.kind, durationMs };
  }
  const { status } = outcome;
  if (outcome.kind === 'invalid') return { status, code: 'invalid_response', durationMs };
  return { status, code: outcome.kind === 'refused' ? outcome.code : null, durationMs };
}

function createHeaders(options: OpenAiOptions, request: MintRequest): Record<string, string> {
  const { organization, project } = options;
  return {
    authorization: `Bearer ${request.key.secret}`,
    'content-type': 'application/json',
    accept: 'application/json',
    'openai-safety-identifier': request.safetyIdentifier,
    ...(organization === undefined ? {} : { 'openai-organization': organization }),
    ...(project === undefined ? {} : { 'openai-project': project }),
  };
}

function createBody(request: MintRequest): string {
  return JSON.stringify({
    expires_after: { anchor: 'created_at', seconds: request.ttlSeconds },
    session: request.session,
  });
}

type Attempt = { outcome: Outcome; retryInMs: number | null };

function readDelay(result: unknown): number | null {
  const delay =
    typeof result === 'object' && result !== null && 'retryInMs' in result ? result.retryInMs : null;
  return typeof delay === 'number' ? delay : null;
}

/** All attempts under one deadline; each attempt says by itself whether and when the next one is due. */
function createPolicy(timeoutMs: number) {
  const deadline = timeout(timeoutMs, { strategy: TimeoutStrategy.Aggressive, abortOnReturn: false });
  const retries = retry(
    handleWhenResult((result) => readDelay(result) !== null),
    {
      maxAttempts: MAX_RETRIES,
      backoff: new DelegateBackoff(({ result }) => ('value' in result ? (readDelay(result.value) ?? 0) : 0)),
    },
  );
  return wrap(deadline, retries);
}

function toResult(outcome: Outcome, attempts: UpstreamAttempt[], nowMs: number): MintResult {
  if (outcome.kind === 'issued') return { ok: true, secret: outcome.secret, attempts };
  const askedMs = outcome.kind === 'refused' ? readRetryAfter(outcome.headers, nowMs) : null;
  return {
    ok: false,
    error: toMintError(outcome, askedMs === null ? null : Math.ceil(askedMs / 1_000)),
    attempts,
  };
}

/** A header that fetch refuses is quoted in its error, and one of ours holds the key. */
function toSafeCause(cause: unknown, request: MintRequest): Error {
  return new Error(describeError(cause, request.key.secret));
}

async function tryOnce(options: OpenAiOptions, request: MintRequest, signal: AbortSignal): Promise<Outcome> {
  try {
    const response = await options.send({
      method: 'POST',
      url: `${options.baseUrl}/realtime/client_secrets`,
      headers: createHeaders(options, request),
      body: createBody(request),
      signal,
    });
    return await readOutcome(response, options.clock.now());
  } catch (cause) {
    if (signal.aborted) return { kind: 'timeout' };
    return cause instanceof ResponseTooLargeError
      ? { kind: 'invalid', status: null }
      : { kind: 'unreachable', cause: toSafeCause(cause, request) };
  }
}

/** The client-secrets route of OpenAI, or of anything that speaks like it. */
export function createOpenAiProvider(options: OpenAiOptions): RealtimeProvider {
  const { clock, timeoutMs = DEFAULT_TIMEOUT_MS, random = Math.random } = options;
  const policy = createPolicy(timeoutMs);

  async function mint(request: MintRequest): Promise<MintResult> {
    const attempts: UpstreamAttempt[] = [];
    let startedMs = clock.now();
    const deadlineMs = startedMs + timeoutMs;
    try {
      const last = await policy.execute(async ({ signal }): Promise<Attempt> => {
        startedMs = clock.now();
        const outcome = await tryOnce(options, request, signal);
        const nowMs = clock.now();
        attempts.push(describeAttempt(outcome, nowMs - startedMs));
        return {
          outcome,
          retryInMs: planRetry(outcome, { attempt: attempts.length, nowMs, deadlineMs, random }),
        };
      });
      return toResult(last.outcome, attempts, clock.now());
    } catch (error) {
      if (!isTaskCancelledError(error)) throw error;
      const outcome: Outcome = { kind: 'timeout' };
      const nowMs = clock.now();
      return toResult(outcome, [...attempts, describeAttempt(outcome, nowMs - startedMs)], nowMs);
    }
  }

  return { callsUrl: `${options.baseUrl}/realtime/calls`, mint };
}
