import { maskSecrets } from '../audit/mask-secrets.ts';
import type { Clock } from '../context.ts';
import { describeError } from '../errors.ts';
import { ResponseTooLargeError } from './http-send.ts';
import type { HttpResponse, HttpSend } from './http-send.ts';
import { readErrorCode, readSecret } from './openai-outcome.ts';
import type { MintRequest, Outcome, RealtimeProvider } from './realtime-provider.ts';

export type OpenAiOptions = {
  /** With the version, without a slash at the end: `https://api.openai.com/v1`. */
  baseUrl: string;
  send: HttpSend;
  clock: Clock;
  /** Of the environment's key. Other keys may belong to other organisations, which would refuse these. */
  organization?: string | undefined;
  project?: string | undefined;
};

const MAX_BODY_BYTES = 262_144;

async function readOutcome(response: HttpResponse, clock: Clock): Promise<Outcome> {
  const { status, headers } = response;
  const text = await response.text(MAX_BODY_BYTES);
  if (status >= 200 && status < 300) {
    const secret = readSecret(text, clock.now());
    return secret === null ? { kind: 'invalid', status } : { kind: 'issued', status, secret, text };
  }
  if (status < 400) return { kind: 'invalid', status };
  const retryHeaders = {
    shouldRetry: headers.get('x-should-retry') ?? null,
    retryAfterMs: headers.get('retry-after-ms') ?? null,
    retryAfter: headers.get('retry-after') ?? null,
  };
  return { kind: 'refused', status, code: readErrorCode(text), headers: retryHeaders };
}

function createHeaders(options: OpenAiOptions, { key, safetyIdentifier }: MintRequest) {
  const headers: Record<string, string> = {
    authorization: `Bearer ${key.secret}`,
    'content-type': 'application/json',
    accept: 'application/json',
    'openai-safety-identifier': safetyIdentifier,
  };
  if (key.source !== 'environment') return headers;
  const { organization, project } = options;
  if (organization !== undefined) headers['openai-organization'] = organization;
  if (project !== undefined) headers['openai-project'] = project;
  return headers;
}

/** Joined and not serialised: the session has been written out already. */
function createBody({ ttlSeconds, sessionJson }: MintRequest): string {
  return `{"expires_after":{"anchor":"created_at","seconds":${ttlSeconds}},"session":${sessionJson}}`;
}

/** A header that fetch refuses is quoted in its error, and one of ours holds the key. */
function toSafeCause(cause: unknown, request: MintRequest): Error {
  const { secret } = request.key;
  return new Error(maskSecrets(describeError(cause, secret), [secret]));
}

async function ask(
  options: OpenAiOptions & { url: string },
  request: MintRequest,
  signal: AbortSignal,
): Promise<Outcome> {
  try {
    const response = await options.send({
      method: 'POST',
      url: options.url,
      headers: createHeaders(options, request),
      body: createBody(request),
      signal,
    });
    return await readOutcome(response, options.clock);
  } catch (cause) {
    return cause instanceof ResponseTooLargeError
      ? { kind: 'invalid', status: null }
      : { kind: 'unreachable', cause: toSafeCause(cause, request) };
  }
}

/** The client-secrets route of OpenAI, or of anything that speaks like it. */
export function createOpenAiProvider(options: OpenAiOptions): RealtimeProvider {
  const target = { ...options, url: `${options.baseUrl}/realtime/client_secrets` };

  /** One timer and one controller a try: this runs once a mint. */
  function tryMint(request: MintRequest): Promise<Outcome> {
    return new Promise((resolve) => {
      const controller = new AbortController();
      const timer = setTimeout(() => {
        // First, whatever the transport does with the signal.
        resolve({ kind: 'timeout' });
        controller.abort();
      }, request.timeoutMs);
      const finish = (outcome: Outcome): void => {
        clearTimeout(timer);
        resolve(outcome);
      };
      void ask(target, request, controller.signal).then(finish);
    });
  }

  return { id: 'openai', callsUrl: `${options.baseUrl}/realtime/calls`, tryMint };
}
