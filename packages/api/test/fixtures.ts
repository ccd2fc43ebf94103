import type { TestDatabase } from '@ephemera/db/testing';
import { createTestDatabase } from '@ephemera/db/testing';

import { createAccessKeySecrets } from '../src/access-keys/secrets.ts';
import { createChainVerifier } from '../src/audit/chain-verifier.ts';
import { createCheckpointSigner } from '../src/audit/checkpoint-signer.ts';
import type {
  Actor,
  ApiDependencies,
  Clock,
  Logger,
  OperatorActor,
  ServiceContext,
  UserActor,
} from '../src/context.ts';
import { createPasswords } from '../src/auth/passwords.ts';
import { createServiceContext } from '../src/context.ts';
import { createIdSource } from '../src/ids.ts';
import type { DeploymentLimits } from '../src/limits/limits.ts';
import { createClockWatch } from '../src/limits/clock-watch.ts';
import { createRefusalShield } from '../src/limits/refusal-shield.ts';
import { createRulesBook } from '../src/limits/rules-book.ts';
import { createMonitor } from '../src/monitor.ts';
import { createMailboxGlance } from '../src/messages/mailbox-glance.ts';
import { createNodeIdentity } from '../src/nodes/identity.ts';
import { createKeyPool } from '../src/pool/create-key-pool.ts';
import { MINT_POLICY } from '../src/pool/mint-policy.ts';
import { createCoturnProvider } from '../src/providers/coturn.ts';
import type { HttpRequest, HttpResponse, HttpSend } from '../src/providers/http-send.ts';
import { createOpenAiProvider } from '../src/providers/openai.ts';
import type { EnvironmentKey } from '../src/providers/key-secrets.ts';
import { createKeySecrets } from '../src/providers/key-secrets.ts';
import { createKeyFingerprint } from '../src/providers/key-fingerprint.ts';
import { createOpenAiKeyTester } from '../src/providers/key-tester.ts';
import { createPseudonyms } from '../src/pseudonyms.ts';
import type { Vault } from '../src/vault/create-vault.ts';
import { createMintGate } from '../src/services/tokens/mint-gate.ts';
import { createVault } from '../src/vault/create-vault.ts';
import { parseKeyring } from '../src/vault/keyring.ts';

export const START_MS = Date.UTC(2026, 10, 21, 12);
export const PROVIDER_KEY = 'sk-CANARY-provider-key-0001';
/** One version; in tests alone. */
export const KEYRING = `1:${Buffer.alloc(32, 7).toString('base64')}`;

export const ADA: UserActor = {
  kind: 'user',
  id: 'user-ada',
  name: 'Ada',
  email: 'ada@demo.test',
};
export const BOB: UserActor = { kind: 'user', id: 'user-bob', name: 'Bob' };
/** One who has just signed in. */
export const OPERATOR: OperatorActor = {
  kind: 'operator',
  id: 'user-op',
  role: 'operator',
  name: 'Op',
  email: 'op@demo.test',
  authenticatedAtMs: START_MS,
  signInId: null,
};
export const SERVICE: Actor = { kind: 'internal', id: 'crawler' };
export const NOBODY: Actor = { kind: 'anonymous' };

export type TestClock = Clock & {
  /** Time passes; a negative one sets the clock back. */
  advance: (ms: number) => void;
  /** The clock is set, and no time passes. */
  jump?: (ms: number) => void;
  /** The time that has passed. */
  uptimeMs?: () => number;
};

export function createTestClock(startMs = START_MS): Required<TestClock> {
  let nowMs = startMs;
  let uptimeMs = 0;
  return {
    now: () => nowMs,
    advance: (ms) => {
      nowMs += ms;
      uptimeMs += Math.max(0, ms);
    },
    jump: (ms) => {
      nowMs += ms;
    },
    uptimeMs: () => uptimeMs,
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

/** Overrides of single dependencies, or of what several of them are made from. */
export type TestApiOptions = Omit<Partial<ApiDependencies>, 'clock' | 'database'> & {
  clock?: TestClock;
  environmentKeys?: readonly EnvironmentKey[];
  /** Null: no keyring is set. */
  keyring?: string | null;
  /** What differs from limits that nobody reaches. */
  limits?: Partial<DeploymentLimits>;
};

function createKeyParts(
  { environmentKeys = [{ provider: 'openai', secret: PROVIDER_KEY }], keyring = KEYRING }: TestApiOptions,
  common: Pick<ApiDependencies, 'database' | 'clock' | 'logger' | 'ids'>,
) {
  const vault: Vault | null = keyring === null ? null : createVault({ keyring: parseKeyring(keyring) });
  const fingerprint = createKeyFingerprint('a secret of the tests, long enough');
  const keySecrets = createKeySecrets({ vault, environmentKeys, fingerprint, logger: common.logger });
  return {
    vault,
    keyFingerprint: fingerprint,
    accessKeySecrets: createAccessKeySecrets('a secret of the tests, long enough'),
    keySecrets,
    keyPool: createKeyPool({ ...common, keySecrets }),
  };
}

export async function createTestApi(options: TestApiOptions = {}): Promise<TestApi> {
  const database = await createTestDatabase();
  const { environmentKeys: _, keyring: __, limits = {}, clock = createTestClock(), ...overrides } = options;
  const logger = createTestLogger();
  const upstream = createUpstream(clock);
  const ids = createIdSource(clock.now);
  const http = { baseUrl: 'https://upstream.test/v1', send: upstream.send, clock, timeoutMs: 5_000 };
  const turnProviders = [
    createCoturnProvider({ urls: ['turn:turn.test:3478?transport=udp'], secrets: ['s3cr3t'] }),
  ];
  const keyParts = createKeyParts(options, { database, clock, logger, ids });
  const dependencies: ApiDependencies = {
    database,
    clock,
    logger,
    ids,
    provider: createOpenAiProvider(http),
    ...keyParts,
    keyTester: createOpenAiKeyTester(http),
    rules: createRulesBook(createClockWatch(clock.uptimeMs ?? clock.now)),
    refusals: createRefusalShield(60),
    mintGate: createMintGate(1_000, clock),
    turnProviders,
    monitor: createMonitor({
      database,
      clock,
      logger,
      turnProviders,
      keySecrets: keyParts.keySecrets,
      findUnready: () => Promise.resolve([]),
      version: '0.0.0',
      heartbeatSeconds: 30,
    }),
    auditVerifier: createChainVerifier(database),
    checkpoints: createCheckpointSigner('a secret of the tests, long enough'),
    pseudonyms: createPseudonyms('a secret of the tests, long enough'),
    mailboxes: createMailboxGlance(),
    nodes: createNodeIdentity({
      database,
      clock,
      secret: 'a secret of the tests, long enough',
      issuer: 'ephemera',
      audience: 'ephemera',
    }),
    passwords: createPasswords({ database, clock, cost: { iterations: 1_000, passes: 2 } }),
    settings: {
      tokenTtl: { defaultSeconds: 600, maxSeconds: 3_600 },
      mint: MINT_POLICY,
      limits: {
        mintsPerMinute: 100_000,
        mintsPerMinutePerAddress: 100_000,
        maxOpenSessions: 10_000,
        maxTtlSeconds: 3_600,
        maxSessionSeconds: 1_800,
        ...limits,
      },
      unreportedSessions: 'release',
      turn: { ttl: { defaultSeconds: 600, maxSeconds: 3_600 }, issuesPerHour: 5 },
      internal: { readsPerMinute: 120, reportsPerMinute: 6_000, refusalsPerMinute: 60 },
      nodes: { registration: 'open', heartbeatSeconds: 30, loginsPerMinute: 60 },
      messages: { perMinute: 600, mailboxMessages: 1_000, mailboxBytes: 67_108_864 },
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
