import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';

import type { KeyList, KeySummary } from '../../src/keys-api.ts';

export const OPERATOR = { email: 'operator@cli.test', password: 'a-long-password' };
export const SECRET = 'internal-secret-of-the-cli-tests-0123456789';
export const KEY = 'AIzaCANARY-of-the-cli-tests-0123456789';

/** What a verb throws: the broker's own error, in the shape of its tRPC. */
export class Refusal extends Error {
  readonly httpStatus: number;
  readonly appCode: string;
  readonly details: object;

  constructor(httpStatus: number, appCode: string, details: object = {}) {
    super(`The broker says ${appCode}.`);
    this.httpStatus = httpStatus;
    this.appCode = appCode;
    this.details = details;
  }
}

export function createSummary(changes: Partial<KeySummary> = {}): KeySummary {
  return {
    id: 'pkey_0000000000000000000000000a',
    provider: 'gemini',
    providerName: 'Google Gemini',
    name: 'prod-1',
    source: 'stored',
    limitDomain: null,
    lastFour: '6789',
    state: 'active',
    reason: null,
    since: '2026-11-22T00:00:00.000Z',
    until: null,
    drainAt: null,
    replaces: null,
    replacedBy: null,
    weight: 1,
    usageCount: 12,
    errorCount: 1,
    uses24h: 12,
    errors24h: 1,
    errorSeries24h: Array.from({ length: 24 }, (_, hour) => (hour === 23 ? 1 : 0)),
    lastUsedAt: '2026-11-22T02:59:00.000Z',
    lastError: null,
    lastErrorAt: null,
    openSessions: 0,
    createdAt: '2026-11-21T00:00:00.000Z',
    kekVersion: 1,
    isOutdatedKek: false,
    isConfigured: true,
    isDemo: false,
    ...changes,
  };
}

export function createList(items: KeySummary[] = [createSummary()], changes: Partial<KeyList> = {}): KeyList {
  return {
    items,
    providers: [{ id: 'gemini', name: 'Google Gemini', canTest: false, keyHint: 'AIza…' }],
    canStore: true,
    pendingRewrap: 0,
    alerts: [],
    policy: { triesPerMint: 3, tryTimeoutMs: 2_000, breakerFailures: 5, breakerSeconds: 5 },
    ...changes,
  };
}

type Send = (status: number, body: unknown, headers?: Record<string, string | string[]>) => void;
type Verb = (input: never) => unknown;
export type FakeBroker = AsyncDisposable & {
  url: string;
  env: Record<string, string>;
  /** Every call of a verb, with its input. */
  calls: { verb: string; input: unknown }[];
  /** The keys of the internal route; null: it is down. */
  setKeys: (keys: object[] | null) => void;
  /** From now on the operator has a second factor, whose code is this one. */
  setCode: (code: string) => void;
};

/** A broker that signs one operator in and answers `keys.*` by what the test says. */
export async function startFakeBroker(verbs: Record<string, Verb> = {}): Promise<FakeBroker> {
  const calls: FakeBroker['calls'] = [];
  const state = {
    keys: [{ id: 'k1', provider: 'gemini', name: 'prod-1', key: KEY }] as object[] | null,
    code: null as string | null,
  };
  const known: Record<string, Verb> = { list: () => createList(), ...verbs };

  const callVerb = async (request: IncomingMessage, url: URL): Promise<{ status: number; body: unknown }> => {
    const verb = url.pathname.slice('/trpc/keys.'.length);
    const sent = request.method === 'GET' ? (url.searchParams.get('input') ?? '') : await text(request);
    const input: unknown = sent === '' ? undefined : JSON.parse(sent);
    calls.push({ verb, input });
    try {
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- because each test knows what its verb is given
      return { status: 200, body: { result: { data: await known[verb]?.(input as never) } } };
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      const { httpStatus, appCode, details, message } = error;
      const data = { code: 'X', httpStatus, appCode, details, path: verb, requestId: 'req_1' };
      return { status: httpStatus, body: { error: { message, code: -32_000, data } } };
    }
  };

  const signIn = (isRight: boolean, send: Send): void => {
    if (isRight && state.code !== null) {
      const cookies = ['session=; Max-Age=0; HttpOnly', 'two_factor=half; HttpOnly'];
      send(200, { twoFactorRedirect: true }, { 'set-cookie': cookies });
    } else send(isRight ? 200 : 401, {}, { 'set-cookie': 'session=abc; HttpOnly' });
  };

  const answerAuth = async (request: IncomingMessage, path: string, send: Send): Promise<void> => {
    const { cookie } = request.headers;
    if (path === '/api/auth/token') {
      send(200, cookie === 'session=abc' ? { token: 'jwt' } : {});
      return;
    }
    const body = await text(request);
    if (path === '/api/auth/sign-in/email') {
      signIn(body === JSON.stringify(OPERATOR), send);
      return;
    }
    const isRight = cookie === 'two_factor=half' && body === JSON.stringify({ code: state.code });
    send(isRight ? 200 : 401, {}, isRight ? { 'set-cookie': 'session=abc; HttpOnly' } : {});
  };

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const url = new URL(request.url ?? '/', 'http://broker');
    const send: Send = (status, body, headers = {}) => {
      response.writeHead(status, { 'content-type': 'application/json', ...headers });
      response.end(JSON.stringify(body));
    };
    if (url.pathname.startsWith('/api/auth/')) return await answerAuth(request, url.pathname, send);
    if (url.pathname === '/api/internal/api-keys') {
      if (state.keys === null) return send(503, { error: 'unavailable' });
      const isKnown = request.headers.authorization === `Bearer ${SECRET}`;
      return send(isKnown ? 200 : 401, isKnown ? state.keys : { error: 'Unauthorized' });
    }
    if (request.headers.authorization !== 'Bearer jwt') return send(401, {});
    const { status, body } = await callVerb(request, url);
    return send(status, body);
  };

  const server = createServer((request, response) => void answer(request, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  const url = `http://127.0.0.1:${address.port}`;
  return {
    url,
    env: {
      EPHEMERA_URL: url,
      OPERATOR_EMAIL: OPERATOR.email,
      OPERATOR_PASSWORD: OPERATOR.password,
      INTERNAL_API_SECRET: SECRET,
    },
    calls,
    setKeys: (keys) => void (state.keys = keys),
    setCode: (code) => void (state.code = code),
    [Symbol.asyncDispose]: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}
