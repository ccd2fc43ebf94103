import type { TestDatabase } from '@ephemera/db/testing';
import { createTestDatabase } from '@ephemera/db/testing';

import type { Actor, ApiDependencies, Clock, Logger, ServiceContext, UserActor } from '../src/context.ts';
import { createServiceContext } from '../src/context.ts';
import { createIdSource } from '../src/ids.ts';
import { createCoturnProvider } from '../src/providers/coturn.ts';
import type { HttpRequest, HttpResponse, HttpSend } from '../src/providers/http-send.ts';
import { createOpenAiProvider } from '../src/providers/openai.ts';
import { createEnvironmentKeySource } from '../src/providers/provider-keys.ts';
import { createPseudonyms } from '../src/pseudonyms.ts';

export const START_MS = Date.UTC(2026, 10, 21, 12);
export const PROVIDER_KEY = 'sk-CANARY-provider-key-0001';

export const ADA: UserActor = {
  kind: 'user',
  id: 'user-ada',
  role: 'user',
  name: 'Ada',
  email: 'ada@demo.test',
};
export const BOB: UserActor = { kind: 'user', id: 'user-bob', role: 'user', name: 'Bob' };
export const OPERATOR: UserActor = { kind: 'user', id: 'user-op', role: 'operator', name: 'Op' };
export const NOBODY: Actor = { kind: 'anonymous' };

export type TestClock = Clock & { advance: (ms: number) => void };

export function createTestClock(startMs = START_MS): TestClock {
  let nowMs = startMs;
  return {
    now: () => nowMs,
    advance: (ms) => {
      nowMs += ms;
    },
  };
}

export type LogLine = { level: keyof Logger; event: string; fields: Readonly<Record<string, unknown>> };

export function createTestLogger(): Logger & { lines: LogLine[] } {
  const lines: LogLine[] = [];
  const log =
    (level: keyof Logger) =>
    (event: string, fields: Readonly<Record<string, unknown>> = {}): void =>
      void lines.push({ level, event, fields });
  return { lines, info: log('info'), warn: log('warn'), error: log('error') };
}

export type Answer = { status?: number; body?: unknown; headers?: Record<string, string> };
type Responder = (request: HttpRequest) => Answer | Promise<Answer>;

function toResponse({ status = 200, body = {}, headers = {} }: Answer): HttpResponse {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return {
    status,
    headers: { get: (name) => headers[name] ?? null },
    text: () => Promise.resolve(text),
  };
}

/** A provider that answers as told, one responder a request, and then as the real one does. Records what it is sent. */
export function createUpstream(clock: Clock) {
  const requests: HttpRequest[] = [];
  const responders: Responder[] = [];

  function mint(): Answer {
    const id = `sess_${requests.length}`;
    const expiresAt = Math.floor(clock.now() / 1_000) + 600;
    return {
      body: {
        value: `ek_secret_${requests.length}`,
        expires_at: expiresAt,
        session: { id, type: 'realtime' },
      },
    };
  }

  const send: HttpSend = async (request) => {
    requests.push(request);
    const responder = responders.shift() ?? mint;
    return toResponse(await responder(request));
  };
  return { requests, send, answer: (...next: Responder[]) => void responders.push(...next) };
}

export type TestApi = AsyncDisposable & {
  database: TestDatabase;
  clock: TestClock;
  logger: ReturnType<typeof createTestLogger>;
  upstream: ReturnType<typeof createUpstream>;
  dependencies: ApiDependencies;
  as: (actor: Actor, requestId?: string) => ServiceContext;
};

export async function createTestApi(overrides: Partial<ApiDependencies> = {}): Promise<TestApi> {
  const database = await createTestDatabase();
  const clock = createTestClock();
  const logger = createTestLogger();
  const upstream = createUpstream(clock);
  const dependencies: ApiDependencies = {
    database,
    clock,
    logger,
    ids: createIdSource(clock.now),
    provider: createOpenAiProvider({
      baseUrl: 'https://upstream.test/v1',
      send: upstream.send,
      clock,
      timeoutMs: 5_000,
    }),
    providerKeys: createEnvironmentKeySource(PROVIDER_KEY),
    turnProviders: [
      createCoturnProvider({ urls: ['turn:turn.test:3478?transport=udp'], secrets: ['s3cr3t'] }),
    ],
    pseudonyms: createPseudonyms('a secret of the tests, long enough'),
    settings: {
      tokenTtl: { defaultSeconds: 600, maxSeconds: 3_600 },
      turn: { ttl: { defaultSeconds: 600, maxSeconds: 3_600 }, issuesPerHour: 5 },
    },
    ...overrides,
  };
  return {
    database,
    clock,
    logger,
    upstream,
    dependencies,
    as: (actor, requestId = 'req_test') =>
      createServiceContext(dependencies, { actor, requestId, ipPrefix: null }),
    [Symbol.asyncDispose]: () => database[Symbol.asyncDispose](),
  };
}
