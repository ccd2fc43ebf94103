import { providerKeys } from '@ephemera/db';

import type { Clock } from '../src/context.ts';
import type { HttpRequest, HttpSend } from '../src/providers/http-send.ts';
import { createOpenAiProvider } from '../src/providers/openai.ts';
import type { Answer, TestApi, TestApiOptions } from './fixtures.ts';
import { createTestApi, createTestClock } from './fixtures.ts';

export type KeyAnswer = (request: HttpRequest) => Answer | Promise<Answer>;

/** A provider that answers each key as told for that key, and every other one with a secret. */
export function createKeyedUpstream(clock: Clock) {
  const calls: { secret: string; atMs: number }[] = [];
  const scripts = new Map<string, KeyAnswer>();
  let issued = 0;

  function issue(): Answer {
    issued += 1;
    return {
      body: {
        value: `ek_secret_${issued}`,
        expires_at: Math.floor(clock.now() / 1_000) + 600,
        session: { id: `sess_${issued}`, type: 'realtime' },
      },
    };
  }

  const send: HttpSend = async (request) => {
    const secret = (request.headers['authorization'] ?? '').replace('Bearer ', '');
    calls.push({ secret, atMs: clock.now() });
    const { status = 200, body = {}, headers = {} } = await (scripts.get(secret) ?? issue)(request);
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    return {
      status,
      headers: { get: (name) => headers[name] ?? null },
      text: () => Promise.resolve(text),
    };
  };

  return {
    calls,
    send,
    issue,
    /** Null: from now on the key works. */
    script: (secret: string, answer: KeyAnswer | null) => {
      if (answer === null) scripts.delete(secret);
      else scripts.set(secret, answer);
    },
    callsOf: (secret: string) => calls.filter((call) => call.secret === secret).length,
  };
}

export function refusal(
  status: number,
  code: string | null,
  headers: Record<string, string> = {},
): KeyAnswer {
  return () => ({ status, headers, body: { error: { message: 'no', type: 'x', code } } });
}

/** An open connection on which nothing ever comes. */
export const hang: KeyAnswer = () => new Promise<Answer>(() => undefined);

export type KeySpec = { secret: string; limitDomain?: string; weight?: number; provider?: string };

/** Stores a key as the verbs do, without the verbs. Answers its id. */
export async function storeKey(api: TestApi, spec: KeySpec): Promise<string> {
  const { vault, keyFingerprint, ids, keyPool } = api.dependencies;
  if (vault === null) throw new TypeError('This test has no keyring.');
  const { secret, provider = 'openai', limitDomain = null, weight = 1 } = spec;
  const id = ids.providerKeyId();
  const { ciphertext, kekVersion } = await vault.seal({ id, provider, secret });
  const createdAt = new Date(api.clock.now());
  await api.database.orm.insert(providerKeys).values({
    id,
    provider,
    name: `Key ${secret.slice(-4)}`,
    source: 'stored',
    limitDomain,
    lastFour: secret.slice(-4),
    fingerprint: await keyFingerprint(provider, secret),
    ciphertext,
    kekVersion,
    weight,
    state: 'active',
    stateSince: createdAt,
    createdAt,
    createdBy: 'user-op',
  });
  keyPool.invalidate();
  return id;
}

export type PoolApi = TestApi & { provider: ReturnType<typeof createKeyedUpstream>; keyIds: string[] };

/** An api with nothing but stored keys, and a provider that is scripted by key. */
export async function createPoolApi(
  specs: readonly (KeySpec | string)[],
  options: TestApiOptions = {},
): Promise<PoolApi> {
  const { clock = createTestClock() } = options;
  const provider = createKeyedUpstream(clock);
  const api = await createTestApi({
    environmentKeys: [],
    clock,
    provider: createOpenAiProvider({ baseUrl: 'https://upstream.test/v1', send: provider.send, clock }),
    ...options,
  });
  const keyIds: string[] = [];
  for (const spec of specs)
    keyIds.push(await storeKey(api, typeof spec === 'string' ? { secret: spec } : spec));
  return { ...api, provider, keyIds };
}

/** Numbers from 0 to 1 that a seed decides (mulberry32). */
export function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
