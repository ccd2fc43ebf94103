import { type HttpResponse, type HttpSend, ResponseTooLargeError } from '@ephemera/api';
import { type Dispatcher, Pool } from 'undici';

import { createBurst } from './burst.ts';

const KEEP_ALIVE_TIMEOUT_MS = 30_000;
const HEADERS_TIMEOUT_MS = 15_000;
const BODY_TIMEOUT_MS = 15_000;

export type UndiciSend = { send: HttpSend; close: () => Promise<void> };

type Target = { pool: Pool; path: string };

/**
 * Requests through undici's pools: a third of the CPU of the global fetch. No cap on connections, since a cap is a hard
 * limit of cap / latency on the rate. Addresses are remembered whole: they come from the configuration, not from callers.
 */
export function createUndiciSend(): UndiciSend {
  const pools = new Map<string, Pool>();
  const targets = new Map<string, Target>();
  const takePlace = createPlaces();

  function findTarget(url: string): Target {
    const known = targets.get(url);
    if (known !== undefined) return known;
    const { origin, pathname, search } = new URL(url);
    const pool = pools.get(origin) ?? createPool(origin);
    pools.set(origin, pool);
    const target = { pool, path: pathname + search };
    targets.set(url, target);
    return target;
  }

  return {
    close: async () => {
      await Promise.all([...pools.values()].map((pool) => pool.close()));
    },
    send: ({ url, method, headers, body, signal }) => {
      const { pool, path } = findTarget(url);
      const place = takePlace();
      const { promise, handler } = collectAnswer(signal, place.leave);
      place.go(() => {
        pool.dispatch({ path, method, headers, body: body ?? null }, handler);
      });
      return promise;
    },
  };
}

/** One request's place: `go` dispatches it at once or together with others, `leave` is called when it is over. */
type Place = { go: (dispatch: () => void) => void; leave: () => void };

/** A lone request waits for nothing; while others are under way, those of one turn of the event loop go out together. */
function createPlaces(): () => Place {
  const add = createBurst();
  let underWay = 0;

  return () => {
    const isLone = underWay === 0;
    underWay += 1;
    let isOver = false;
    return {
      go: (dispatch) => {
        if (isLone) dispatch();
        else add(dispatch);
      },
      leave: () => {
        if (!isOver) underWay -= 1;
        isOver = true;
      },
    };
  };
}

function createPool(origin: string): Pool {
  return new Pool(origin, {
    connections: null,
    pipelining: 1,
    keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS,
    headersTimeout: HEADERS_TIMEOUT_MS,
    bodyTimeout: BODY_TIMEOUT_MS,
  });
}

function firstValue(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value[0] : value;
}

/** Gathers the body without a stream in between: the stream would be a sixth of what a mint costs. */
function collectAnswer(
  signal: AbortSignal,
  onOver: () => void,
): {
  promise: Promise<HttpResponse>;
  handler: Dispatcher.DispatchHandler;
} {
  const head = Promise.withResolvers<HttpResponse>();
  const whole = Promise.withResolvers<string>();
  // Whoever never asks for the text must not leave its failure unhandled.
  whole.promise.catch(() => undefined);
  const chunks: Buffer[] = [];
  let size = 0;
  let limit = Number.POSITIVE_INFINITY;
  let controller: Dispatcher.DispatchController | null = null;
  const fail = (error: Error): void => {
    signal.removeEventListener('abort', abort);
    onOver();
    head.reject(error);
    whole.reject(error);
  };
  // Also while the connection is still being made: only a request that has started has a controller.
  const abort = (): void => {
    const error = toError(signal.reason);
    fail(error);
    controller?.abort(error);
  };
  const text = async (maxBytes: number): Promise<string> => {
    limit = maxBytes;
    if (size > limit) {
      controller?.abort(tooLarge(limit));
      // It may be here as a whole already, and then there is nothing left to abort.
      throw tooLarge(limit);
    }
    return await whole.promise;
  };
  const handler: Dispatcher.DispatchHandler = {
    onRequestStart: (started) => {
      controller = started;
      if (signal.aborted) abort();
    },
    onResponseStart: (_started, status, headers) => {
      if (status < 200) return;
      head.resolve({ status, headers: { get: (name) => firstValue(headers[name.toLowerCase()]) }, text });
    },
    onResponseData: (_started, chunk) => {
      size += chunk.length;
      chunks.push(chunk);
      if (size > limit) controller?.abort(tooLarge(limit));
    },
    onResponseEnd: () => {
      signal.removeEventListener('abort', abort);
      onOver();
      whole.resolve(Buffer.concat(chunks, size).toString('utf8'));
    },
    onResponseError: (_started, error) => {
      fail(error);
    },
  };
  if (signal.aborted) abort();
  else signal.addEventListener('abort', abort);
  return { promise: head.promise, handler };
}

function tooLarge(limit: number): Error {
  return new ResponseTooLargeError(`The answer is larger than ${limit} bytes.`);
}

function toError(reason: unknown): Error {
  return reason instanceof Error ? reason : new Error('The request was aborted.', { cause: reason });
}
