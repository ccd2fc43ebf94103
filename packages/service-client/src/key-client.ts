import { KeyClientError } from './errors.ts';
import { KeyCache } from './key-cache.ts';
import type { FailureVerdict } from './key-failure.ts';
import { createKeyServer } from './key-server.ts';
import { createKeySpread } from './key-spread.ts';
import type { ProviderKey } from './provider-key.ts';
import { type DroppedReports, ReportQueue, type ReportStats } from './report-queue.ts';
import { createRuntime, type Runtime } from './runtime.ts';
import { type KeyedRun, readMaxTries, runWithKeys, type WithApiKeyOptions } from './with-api-key.ts';

export type KeyClientOptions = Partial<Runtime> & {
  /** The key server, for instance `https://broker.example`. https, or http on loopback. */
  baseUrl: string;
  /** `INTERNAL_API_SECRET`, or a function that gives the current one (or a node's access token) for each request. */
  secret: string | (() => string | Promise<string>);
  /** How long a fetched list is simply used, in milliseconds; 60 000 by default. */
  ttlMs?: number;
  /** How long after that it is still used while one refresh runs, in milliseconds; `ttlMs` by default. */
  staleMs?: number;
  /** Age up to which a list is used while the server cannot give a newer one, in milliseconds; 600 000 by default. */
  lastGoodMs?: number;
  /** Deadline of one request to the key server, in milliseconds; 5 000 by default. */
  requestTimeoutMs?: number;
  /** A report waits at most so long for others to travel with, in milliseconds; 1 000 by default. */
  flushIntervalMs?: number;
  /** So many waiting reports are sent at once; 100 by default. */
  flushSize?: number;
  /** Reports kept while the server is away; 10 000 by default. What does not fit is dropped and counted. */
  maxQueued?: number;
  /** How long `close()` goes on trying to deliver, in milliseconds; 5 000 by default. */
  closeTimeoutMs?: number;
  /** Told of every report that is given up, with the reason. `stats().dropped` counts them. What it throws is ignored. */
  onDropped?: (dropped: DroppedReports) => void;
  /** Allows http off loopback: only inside a network that you trust. */
  allowPlainHttp?: boolean;
};

export type UsageInput = {
  keyId: string;
  success: boolean;
  /** A code (`invalid_api_key`, `rate_limit_exceeded`, …) or a short text, cut at 500 characters. Never a key. */
  error?: string;
  /** Where the caller has an id of its own for this use; a random one by default. */
  idempotencyKey?: string;
};

/** Fetches healthy provider keys and reports how they did. One for a process: it holds the cache and the queue. */
export type KeyClient = AsyncDisposable & {
  /**
   * A healthy key, spread over the list from call to call.
   * @throws KeyClientError `no_key`, `unauthorized`, `forbidden`, `rate_limited`, `server_unreachable`, `server_failed`,
   * `invalid_answer`, `refused`, `closed`
   */
  getApiKey: (provider: string) => Promise<ProviderKey>;
  /** All healthy keys in the server's order (fewest errors, then least used), maybe none. Throws as `getApiKey` does. */
  listKeys: (provider: string) => Promise<readonly ProviderKey[]>;
  /**
   * Runs `run` with a healthy key, reports how it went, and goes on with another key when the key is to blame (see the
   * README for what counts as that). Whatever the last run returned or threw is returned or thrown.
   * @throws KeyClientError as `getApiKey` does, and whatever `run` throws
   * @example
   * const answer = await client.withApiKey('gemini', (key) => callGemini({ apiKey: key.key, prompt }));
   */
  withApiKey: <T>(provider: string, run: KeyedRun<T>, options?: WithApiKeyOptions) => Promise<T>;
  /** Queues a report and returns at once; never throws. Failures are sent right away, successes in batches. */
  reportUsage: (input: UsageInput) => void;
  /** Sends what is queued. Resolves when all of it is delivered or a try has failed; see `stats().queued`. */
  flush: () => Promise<void>;
  stats: () => ReportStats;
  /** Delivers what is queued for up to `closeTimeoutMs`; the client cannot be used after. Call it on SIGTERM. */
  close: () => Promise<void>;
};

const MAX_ERROR_LENGTH = 500;
/** After a "too many requests" that names no time. */
const COOL_MS = 5_000;
/** Before a call runs out of keys, it looks whether the pool has got new ones since. */
const RECHECK_AGE_MS = 5_000;

type Settings = Required<Omit<KeyClientOptions, keyof Runtime>>;

/**
 * @throws KeyClientError `invalid_options`
 * @example
 * const client = createKeyClient({ baseUrl: 'https://broker.example', secret: INTERNAL_API_SECRET });
 * process.once('SIGTERM', () => client.close());
 */
export function createKeyClient(options: KeyClientOptions): KeyClient {
  const settings = applyDefaults(options);
  const runtime = createRuntime(options);
  const server = createKeyServer(settings, runtime);
  const { ttlMs, staleMs, lastGoodMs, requestTimeoutMs } = settings;
  const windows = { ttlMs, staleMs, lastGoodMs };
  const cache = new KeyCache({ server, runtime, windows, requestTimeoutMs });
  const spread = createKeySpread(runtime.clock);
  const reports = new ReportQueue({ server, runtime, options: settings });
  let isClosed = false;

  const listKeys = async (provider: string): Promise<readonly ProviderKey[]> => {
    if (isClosed) throw new KeyClientError('closed', 'This key client was closed.');
    reports.flushIfDue();
    return await cache.get(provider);
  };

  const reportUsage = ({ keyId, success, error, idempotencyKey }: UsageInput): void => {
    const report = { keyId, success, idempotencyKey: idempotencyKey ?? runtime.randomId() };
    const text = cutError(error);
    reports.add(text === undefined ? report : { ...report, error: text }, !success);
  };

  const settle = (key: ProviderKey, verdict: FailureVerdict | null): void => {
    if (verdict === null || verdict.kind === 'other') {
      reportUsage({ keyId: key.id, success: true });
      return;
    }
    if (verdict.kind === 'key') spread.avoid(key.id, verdict.retryAfterMs ?? chooseAvoidMs(verdict, ttlMs));
    reportUsage({ keyId: key.id, success: false, error: verdict.error });
  };

  const close = async (): Promise<void> => {
    isClosed = true;
    await reports.close();
  };

  return {
    listKeys,
    async getApiKey(provider) {
      const key = spread.pick(await listKeys(provider), new Set());
      if (key === null) throw createNoKey(provider, server.origin);
      return key;
    },
    async withApiKey(provider, run, tries = {}) {
      const maxTries = readMaxTries(tries);
      const keys = await listKeys(provider);
      if (keys.length === 0) throw createNoKey(provider, server.origin);
      const pick = async (exclude: ReadonlySet<string>): Promise<ProviderKey | null> =>
        spread.pick(keys, exclude) ?? spread.pick(await findNewKeys(cache, provider), exclude);
      return await runWithKeys({ pick, start: spread.start, clock: runtime.clock, settle }, run, maxTries);
    },
    reportUsage,
    flush: () => reports.flush(),
    stats: () => reports.stats(),
    close,
    [Symbol.asyncDispose]: close,
  };
}

/** The server refuses half a character. JavaScript passes an Error as well, whose message may quote the key. */
function cutError(error: unknown): string | undefined {
  if (error === undefined || error === null) return undefined;
  return typeof error === 'string' ? error.slice(0, MAX_ERROR_LENGTH).toWellFormed() : 'error';
}

/** Out of keys the caller gets the provider's error; that the server is away as well would only hide it. */
async function findNewKeys(cache: KeyCache, provider: string): Promise<readonly ProviderKey[]> {
  try {
    return await cache.getNewerThan(provider, RECHECK_AGE_MS);
  } catch (error) {
    if (error instanceof KeyClientError) return [];
    throw error;
  }
}

/** A key that was rejected or is out of quota stays out until the list is renewed; a busy one is back in seconds. */
function chooseAvoidMs({ error }: Extract<FailureVerdict, { kind: 'key' }>, ttlMs: number): number {
  return error === 'rate_limit_exceeded' ? COOL_MS : Math.max(ttlMs, COOL_MS);
}

function createNoKey(provider: string, origin: string): KeyClientError {
  return new KeyClientError(
    'no_key',
    `The key server ${origin} has no healthy key of ${provider} now. Add one, or see its Provider keys page for when one is back.`,
  );
}

const DEFAULTS = {
  ttlMs: 60_000,
  lastGoodMs: 600_000,
  requestTimeoutMs: 5_000,
  flushIntervalMs: 1_000,
  flushSize: 100,
  maxQueued: 10_000,
  closeTimeoutMs: 5_000,
  onDropped: () => undefined,
  allowPlainHttp: false,
};

function applyDefaults(options: KeyClientOptions): Settings {
  const given = withoutUndefined(options);
  const settings = { ...DEFAULTS, staleMs: given.ttlMs ?? DEFAULTS.ttlMs, ...given };
  for (const [name, value] of Object.entries(settings)) {
    if (typeof value === 'number' && !(value >= 0)) {
      throw new KeyClientError('invalid_options', `${name} must be a number from 0.`);
    }
  }
  return settings;
}

/** `undefined` means the default, from JavaScript as well. */
function withoutUndefined(options: KeyClientOptions): KeyClientOptions {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- because fromEntries forgets the names of the members
  return Object.fromEntries(
    Object.entries(options).filter(([, value]) => value !== undefined),
  ) as unknown as KeyClientOptions;
}
