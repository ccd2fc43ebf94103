import { type HttpSend, ResponseTooLargeError } from '@ephemera/api';
import { type Dispatcher, Pool } from 'undici';

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
    send: async ({ url, method, headers, body, signal }) => {
      const { pool, path } = findTarget(url);
      const response = await pool.request({ path, method, headers, signal, body: body ?? null });
      return {
        status: response.statusCode,
        headers: { get: (name) => firstValue(response.headers[name.toLowerCase()]) },
        text: (maxBytes) => readText(response, maxBytes),
      };
    },
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

/** A declared length is one the parser holds the sender to; only an undeclared one needs counting. */
async function readText({ headers, body }: Dispatcher.ResponseData, maxBytes: number): Promise<string> {
  const declared = Number(firstValue(headers['content-length']) ?? Number.NaN);
  if (declared <= maxBytes) return await body.text();
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body) {
    if (!Buffer.isBuffer(chunk)) throw new TypeError('undici gave something else than bytes');
    size += chunk.length;
    if (size > maxBytes) throw new ResponseTooLargeError(`The answer is larger than ${maxBytes} bytes.`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
