import { readRetryAfterMs } from '../retry-after.ts';
import type { Runtime } from '../runtime.ts';
import type { Log } from './log.ts';
import { NodeClientError, type NodeClientErrorCode } from './node-error.ts';
import { chooseBackoffMs, joinSignals, pause, untilAborted } from './waiting.ts';

export type Call = {
  method: 'GET' | 'POST' | 'PUT';
  /** From the broker's address on. */
  path: string;
  body?: string | undefined;
  token?: string | undefined;
  headers?: Readonly<Record<string, string>>;
  /** Whether a second one does no more than the first; only then it is tried again. */
  isRepeatable: boolean;
  /** For an answer that is long in coming on purpose. */
  extraMs?: number;
  /** A status beyond 2xx that is an answer, too. */
  alsoGood?: number;
  signal?: AbortSignal | undefined;
};

export type Answer = { status: number; headers: Headers; text: string };
export type OpenAnswer = { response: Response; close: () => void };

export type NodeHttpOptions = {
  address: string;
  origin: string;
  requestTimeoutMs: number;
  maxTries: number;
};

export type NodeHttp = {
  readonly origin: string;
  /** The whole answer; tries again where that is safe. */
  call: (call: Call) => Promise<Answer>;
  /** An answer that goes on. One try; the deadline is for its beginning. */
  open: (call: Call) => Promise<OpenAnswer>;
};

const FIRST_BACKOFF_MS = 500;
const LONGEST_BACKOFF_MS = 8_000;
/** Whoever is told to wait longer is told so at once. */
const LONGEST_WAIT_MS = 60_000;

type Parts = { options: NodeHttpOptions; runtime: Runtime; log: Log };

export function createNodeHttp(
  options: NodeHttpOptions,
  { runtime, log }: { runtime: Runtime; log: Log },
): NodeHttp {
  const parts: Parts = { options, runtime, log };
  const receive = async (begun: Response): Promise<Response> => {
    if (begun.ok) return begun;
    const { status, headers } = begun;
    throw createRefusal({ status, headers, text: await begun.text() }, options.origin, runtime.clock.now());
  };
  return {
    origin: options.origin,
    call: (call) => callUntilAnswered(parts, call),
    async open(call) {
      const abort = new AbortController();
      const response = await exchange(parts, { call, abort, receive });
      return { response, close: () => abort.abort() };
    },
  };
}

async function callUntilAnswered(parts: Parts, call: Call): Promise<Answer> {
  const { options, runtime, log } = parts;
  const receive = async (response: Response): Promise<Answer> => {
    const { status, headers } = response;
    const answer = { status, headers, text: await response.text() };
    if (response.ok || status === call.alsoGood) return answer;
    throw createRefusal(answer, options.origin, runtime.clock.now());
  };
  for (let tries = 1; ; tries += 1) {
    try {
      return await exchange(parts, { call, abort: new AbortController(), receive });
    } catch (error) {
      const waitMs = readWaitMs(error, runtime, tries);
      if (waitMs === null || !call.isRepeatable || tries >= options.maxTries) throw error;
      const path = withoutQuery(call.path);
      log('debug', 'request.retry', { method: call.method, path, tries, waitMs: Math.round(waitMs) });
      await pause(runtime.clock, waitMs, call.signal);
    }
  }
}

async function send({ options, runtime }: Parts, call: Call, signal: AbortSignal): Promise<Response> {
  return await runtime.fetch(`${options.address}${call.path}`, {
    method: call.method,
    signal,
    // Tokens go to the broker they were meant for and nowhere else ("error" is unknown to Workers).
    redirect: 'manual',
    headers: {
      accept: 'application/json',
      ...(call.body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(call.token === undefined ? {} : { authorization: `Bearer ${call.token}` }),
      ...call.headers,
    },
    ...(call.body === undefined ? {} : { body: call.body }),
  });
}

type Exchange<T> = {
  call: Call;
  /** Ends the request, and whatever of its answer is still to come. */
  abort: AbortController;
  receive: (response: Response) => Promise<T>;
};

/** One request under its deadline. */
async function exchange<T>(parts: Parts, { call, abort, receive }: Exchange<T>): Promise<T> {
  const { options, runtime } = parts;
  call.signal?.throwIfAborted();
  const timeoutMs = options.requestTimeoutMs + (call.extraMs ?? 0);
  let isLate = false;
  const cancel = runtime.clock.startTimer(timeoutMs, () => {
    isLate = true;
    abort.abort();
  });
  const signal = joinSignals(abort.signal, call.signal);
  try {
    return await untilAborted(send(parts, call, signal).then(receive), signal);
  } catch (cause) {
    call.signal?.throwIfAborted();
    if (cause instanceof NodeClientError) throw cause;
    throw isLate ? createTimedOut(options.origin, timeoutMs) : createUnreachable(options.origin, cause);
  } finally {
    cancel();
  }
}

/** How long to wait before the next try; null where none makes sense. */
export function readWaitMs(error: unknown, { random }: Runtime, failures: number): number | null {
  if (!(error instanceof NodeClientError) || !error.retryable) return null;
  if (error.retryAfterMs !== undefined)
    return error.retryAfterMs <= LONGEST_WAIT_MS ? error.retryAfterMs : null;
  return chooseBackoffMs({ firstMs: FIRST_BACKOFF_MS, longestMs: LONGEST_BACKOFF_MS, random }, failures);
}

function withoutQuery(path: string): string {
  return path.split('?')[0] ?? '';
}

function createTimedOut(origin: string, timeoutMs: number): NodeClientError {
  return new NodeClientError(
    'timed_out',
    `The broker ${origin} did not answer within ${timeoutMs / 1_000} s. Check that it runs and is not overloaded.`,
  );
}

function createUnreachable(origin: string, cause: unknown): NodeClientError {
  return new NodeClientError(
    'server_unreachable',
    `The broker ${origin} cannot be reached. Check that it runs and that this machine may connect to it.`,
    { cause },
  );
}

const CODES: Readonly<Record<number, NodeClientErrorCode>> = {
  400: 'invalid_request',
  401: 'unauthorized',
  403: 'forbidden',
  404: 'not_found',
  408: 'server_failed',
  409: 'conflict',
  413: 'too_large',
  422: 'invalid_request',
  429: 'rate_limited',
  507: 'mailbox_full',
};

function nameStatus(status: number): NodeClientErrorCode {
  return CODES[status] ?? (status >= 500 ? 'server_failed' : 'refused');
}

function createRefusal(answer: Answer, origin: string, nowMs: number): NodeClientError {
  const { status, headers } = answer;
  const { title, code: serverCode, param } = readProblem(answer.text);
  const code = serverCode?.startsWith('idempotency_') === true ? 'conflict' : nameStatus(status);
  const isFinal = headers.get('x-should-retry') === 'false';
  return new NodeClientError(
    code,
    `The broker ${origin} answered ${status}: ${title ?? 'no reason given.'}`,
    {
      status,
      serverCode,
      param,
      retryAfterMs: readRetryAfterMs(headers, nowMs),
      requestId: headers.get('x-request-id') ?? undefined,
      ...(isFinal ? { retryable: false } : {}),
    },
  );
}

type Problem = { title?: string; code?: string; param?: string };

/** RFC 9457, as far as it is one. */
function readProblem(text: string): Problem {
  const body = parseJson(text);
  if (typeof body !== 'object' || body === null) return {};
  return Object.fromEntries(
    Object.entries(body).filter(
      ([name, value]) => ['title', 'code', 'param'].includes(name) && typeof value === 'string',
    ),
  );
}

/** Undefined: no JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
