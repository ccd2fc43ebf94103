import { BENCH_KEYS } from './bench-keys.ts';
import { createMintTarget, type EphemeraServer, startEphemeraServer } from './ephemera.ts';
import { addKey, createQueryPath, findLatestSessionId, listKeyStates, mintOnce } from './ephemera-client.ts';
import { jsonHeaders, type Target, type TargetContext } from './target.ts';

/** Well beyond what any machine reads in a minute. */
const READ_SETTINGS = { INTERNAL_READS_PER_MINUTE: '1000000' } as const;
/** A record that nothing mints with: the one row that the read finds. */
const GEMINI_KEY = 'AIzaSyBench-0123456789-0123456789-abcdef';
/** A lone key is asked three times for each mint, and the breaker opens after five failures. */
const MINTS_UNTIL_OPEN = 2;
const OK = 200;

export async function startWithTwoKeys(context: TargetContext): Promise<Target> {
  const options = { apiKey: BENCH_KEYS.healthy };
  const started = await startEphemeraServer('ephemera-two-keys', context, options);
  await addKey(started, 'openai', BENCH_KEYS.second);
  return createMintTarget(started, 0);
}

/** Whichever key a mint takes first is refused, so the pool cannot learn to avoid it. */
export async function startWithFailover(context: TargetContext): Promise<Target> {
  const [first, second] = BENCH_KEYS.inTurn;
  const started = await startEphemeraServer('ephemera-failover', context, { apiKey: first });
  await addKey(started, 'openai', second);
  return createMintTarget(started, 1);
}

/** While the failing key is the only one, mints fail until its breaker is open. */
async function openBreaker(started: EphemeraServer): Promise<void> {
  for (let mint = 0; mint < MINTS_UNTIL_OPEN; mint += 1) {
    const status = await mintOnce(started);
    if (status === OK) throw new Error('A mint with nothing but a failing key was answered 200.');
  }
  const [key] = await listKeyStates(started);
  if (key?.state !== 'cooling_down' || key.reason !== 'breaker')
    throw new Error(`The breaker is not open: ${JSON.stringify(key)}`);
}

export async function startWithOpenBreaker(context: TargetContext): Promise<Target> {
  const options = { apiKey: BENCH_KEYS.failing };
  const started = await startEphemeraServer('ephemera-breaker', context, options);
  await openBreaker(started);
  await addKey(started, 'openai', BENCH_KEYS.second);
  // Every few seconds one mint is the probe, and is refused first.
  return createMintTarget(started, null);
}

/** What a query costs that reads one row by its id for a user. */
export async function startBareQuery(context: TargetContext): Promise<Target> {
  const name = 'bare-query';
  const started = await startEphemeraServer(name, context, { apiKey: BENCH_KEYS.healthy });
  await mintOnce(started);
  const path = createQueryPath('sessions.get', { id: await findLatestSessionId(started) });
  const headers = jsonHeaders(started.access.userToken);
  const request = { method: 'GET', path, headers, body: '' } as const;
  return { name, server: started.server, request, ledger: null, failedTriesPerMint: null };
}

/** A service reads the one key of a provider: found, opened, counted against its limit and audited. */
export async function startInternalRead(context: TargetContext): Promise<Target> {
  const name = 'internal-read';
  const options = { apiKey: BENCH_KEYS.healthy, settings: READ_SETTINGS };
  const started = await startEphemeraServer(name, context, options);
  await addKey(started, 'gemini', GEMINI_KEY);
  const path = '/api/internal/api-keys?provider=gemini';
  const headers = jsonHeaders(started.access.internalApiSecret);
  await requireOneKey(`${started.url}${path}`, headers);
  const request = { method: 'GET', path, headers, body: '' } as const;
  return { name, server: started.server, request, ledger: null, failedTriesPerMint: null };
}

async function requireOneKey(url: string, headers: Record<string, string>): Promise<void> {
  const response = await fetch(url, { headers });
  const keys: unknown = await response.json();
  if (!Array.isArray(keys) || keys.length !== 1 || !JSON.stringify(keys).includes(GEMINI_KEY))
    throw new Error(`The internal route answered ${response.status}, and not with the one key.`);
}
