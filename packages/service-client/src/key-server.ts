import { readBaseUrl } from './base-url.ts';
import { KeyClientError } from './errors.ts';
import { type ProviderKey, readKeys } from './provider-key.ts';
import type { UsageReport } from './report-queue.ts';
import { readRetryAfterMs } from './retry-after.ts';
import { raceDeadline, type Runtime } from './runtime.ts';

export type KeyServerOptions = {
  baseUrl: string;
  secret: string | (() => string | Promise<string>);
  requestTimeoutMs: number;
  allowPlainHttp: boolean;
};

/** `GET` and `POST /api/internal/api-keys`. Every method rejects with KeyClientError. */
export type KeyServer = {
  /** The server's origin, for messages. */
  readonly origin: string;
  fetchKeys: (provider: string) => Promise<readonly ProviderKey[]>;
  /** Resolves with the key ids that the server does not know (any more). */
  postReports: (reports: readonly UsageReport[]) => Promise<readonly string[]>;
};

type Exchange = { path: string; method: 'GET' | 'POST'; body?: string };
type Answer = { status: number; headers: Headers; body: unknown };

export function createKeyServer(options: KeyServerOptions, runtime: Runtime): KeyServer {
  const { address, origin } = parseAddress(options);
  if (typeof options.secret === 'string') checkSecret(options.secret);
  const exchange = async (request: Exchange): Promise<Answer> => {
    const secret = await readSecret(options.secret, origin);
    const abort = new AbortController();
    const work = send({ url: `${address}${request.path}`, request, secret, signal: abort.signal }, runtime);
    // A fetch that was given up may still fail: nobody is left to hear it.
    work.catch(() => undefined);
    try {
      const answer = await raceDeadline(runtime.clock, options.requestTimeoutMs, work);
      if (answer !== 'expired') return answer;
    } catch (cause) {
      throw new KeyClientError(
        'server_unreachable',
        `The key server ${origin} cannot be reached. Check that it runs and that this machine may connect to it.`,
        { cause },
      );
    }
    abort.abort();
    const seconds = options.requestTimeoutMs / 1_000;
    throw new KeyClientError(
      'server_unreachable',
      `The key server ${origin} did not answer within ${seconds} s. Check that it runs and is not overloaded.`,
    );
  };

  return {
    origin,
    async fetchKeys(provider) {
      const path = `?provider=${encodeURIComponent(provider)}`;
      const answer = await exchange({ path, method: 'GET' });
      throwUnlessOk(answer, { origin, nowMs: runtime.clock.now() });
      const keys = readKeys(answer.body, provider);
      if (keys === null) throw createInvalidAnswer(answer, origin);
      return keys;
    },
    async postReports(reports) {
      const answer = await exchange({ path: '', method: 'POST', body: JSON.stringify({ reports }) });
      throwUnlessOk(answer, { origin, nowMs: runtime.clock.now() });
      return readUnknownIds(answer, origin);
    },
  };
}

function parseAddress({ baseUrl, allowPlainHttp }: KeyServerOptions): { address: string; origin: string } {
  const read = readBaseUrl(baseUrl, allowPlainHttp);
  if (!read.ok) throw new KeyClientError('invalid_options', read.problem);
  return { address: `${read.address}/api/internal/api-keys`, origin: read.origin };
}

function checkSecret(value: string): string {
  if (/^[\x21-\x7e]+$/.test(value)) return value;
  throw new KeyClientError('invalid_options', 'The secret is empty, or not printable ASCII without spaces.');
}

async function readSecret(secret: KeyServerOptions['secret'], origin: string): Promise<string> {
  if (typeof secret === 'string') return secret;
  const value = await Promise.resolve()
    .then(secret)
    .catch((cause: unknown) => {
      const message = `The secret for the key server ${origin} could not be had: the function that gives it failed.`;
      throw new KeyClientError('server_unreachable', message, { cause });
    });
  return checkSecret(value);
}

type SendInput = { url: string; request: Exchange; secret: string; signal: AbortSignal };

async function send({ url, request, secret, signal }: SendInput, runtime: Runtime): Promise<Answer> {
  const response = await runtime.fetch(url, {
    method: request.method,
    signal,
    // The secret goes to the server it was meant for and nowhere else ("error" is unknown to Workers).
    redirect: 'manual',
    headers: {
      authorization: `Bearer ${secret}`,
      accept: 'application/json',
      ...(request.body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(request.body === undefined ? {} : { body: request.body }),
  });
  return { status: response.status, headers: response.headers, body: parseJson(await response.text()) };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function throwUnlessOk(answer: Answer, { origin, nowMs }: { origin: string; nowMs: number }): void {
  const { status, headers } = answer;
  if (status >= 200 && status < 300) return;
  const details = {
    status,
    retryAfterMs: readRetryAfterMs(headers, nowMs),
    requestId: headers.get('x-request-id') ?? undefined,
  };
  const [code, text] = describeRefusal(status);
  throw new KeyClientError(code, `The key server ${origin} answered ${status}: ${text}`, details);
}

function describeRefusal(status: number) {
  if (status === 401) {
    return [
      'unauthorized',
      'it does not know this secret. Check INTERNAL_API_SECRET here and there; it may have been rotated out.',
    ] as const;
  }
  if (status === 403) return ['forbidden', 'this caller may not read keys. Ask its operator.'] as const;
  if (status === 429) return ['rate_limited', 'too many requests. Wait, and share one client.'] as const;
  if (status === 408 || status >= 500) {
    return ['server_failed', 'it failed by itself. See its log and its /readyz.'] as const;
  }
  return ['refused', 'check baseUrl and the name of the provider.'] as const;
}

function createInvalidAnswer({ status, headers }: Answer, origin: string): KeyClientError {
  return new KeyClientError(
    'invalid_answer',
    `What answered at ${origin} is not a key server of this version. Check baseUrl and what stands in between.`,
    { status, requestId: headers.get('x-request-id') ?? undefined },
  );
}

function readUnknownIds(answer: Answer, origin: string): readonly string[] {
  const { body } = answer;
  if (typeof body !== 'object' || body === null || !('success' in body) || body.success !== true) {
    throw createInvalidAnswer(answer, origin);
  }
  const unknown: unknown = 'unknown' in body ? body.unknown : [];
  return Array.isArray(unknown) ? unknown.filter((id) => typeof id === 'string') : [];
}
