import type { Clock } from '../context.ts';
import { describeError } from '../errors.ts';
import { ResponseTooLargeError } from './http-send.ts';
import type { HttpResponse, HttpSend } from './http-send.ts';
import { readErrorCode } from './openai-outcome.ts';
import type { FailedOutcome } from './realtime-provider.ts';

/** What a provider said to a key that was only shown to it. */
export type KeyCheck =
  | { ok: true; status: number; latencyMs: number }
  | { ok: false; outcome: FailedOutcome; latencyMs: number };

/** Shows a key to its provider by the cheapest request there is. Costs nothing and mints nothing. */
export interface KeyTester {
  /** Null for a provider that this service cannot ask. */
  check: (provider: string, secret: string, timeoutMs?: number) => Promise<KeyCheck | null>;
}

export type OpenAiKeyTesterOptions = {
  /** With the version, without a slash at the end. */
  baseUrl: string;
  send: HttpSend;
  clock: Clock;
  organization?: string | undefined;
  project?: string | undefined;
  timeoutMs?: number;
};

const DEFAULT_TIMEOUT_MS = 5_000;
const MAX_BODY_BYTES = 1_048_576;

async function readFailure(response: HttpResponse): Promise<FailedOutcome> {
  const { status, headers } = response;
  const code = readErrorCode(await response.text(MAX_BODY_BYTES));
  if (status < 400) return { kind: 'invalid', status };
  return {
    kind: 'refused',
    status,
    code,
    headers: {
      shouldRetry: headers.get('x-should-retry') ?? null,
      retryAfterMs: headers.get('retry-after-ms') ?? null,
      retryAfter: headers.get('retry-after') ?? null,
    },
  };
}

/** `GET /models` with the key, under a time-out; the models themselves are of no interest. */
export function createOpenAiKeyTester(options: OpenAiKeyTesterOptions): KeyTester {
  const { baseUrl, send, clock, organization, project } = options;

  async function ask(secret: string, signal: AbortSignal): Promise<{ status: number } | FailedOutcome> {
    try {
      const response = await send({
        method: 'GET',
        url: `${baseUrl}/models`,
        headers: {
          authorization: `Bearer ${secret}`,
          accept: 'application/json',
          ...(organization === undefined ? {} : { 'openai-organization': organization }),
          ...(project === undefined ? {} : { 'openai-project': project }),
        },
        signal,
      });
      if (response.status < 200 || response.status >= 300) return await readFailure(response);
      await response.text(MAX_BODY_BYTES);
      return { status: response.status };
    } catch (cause) {
      if (signal.aborted) return { kind: 'timeout' };
      if (cause instanceof ResponseTooLargeError) return { kind: 'invalid', status: null };
      return { kind: 'unreachable', cause: new Error(describeError(cause, secret)) };
    }
  }

  async function check(secret: string, timeoutMs: number): Promise<KeyCheck> {
    const startedMs = clock.now();
    const controller = new AbortController();
    const timer = setTimeout(() => {
      controller.abort();
    }, timeoutMs);
    try {
      const answer = await ask(secret, controller.signal);
      const latencyMs = clock.now() - startedMs;
      return 'kind' in answer
        ? { ok: false, outcome: answer, latencyMs }
        : { ok: true, ...answer, latencyMs };
    } finally {
      clearTimeout(timer);
    }
  }

  return {
    check: (provider, secret, timeoutMs = options.timeoutMs ?? DEFAULT_TIMEOUT_MS) =>
      provider === 'openai' ? check(secret, timeoutMs) : Promise.resolve(null),
  };
}
