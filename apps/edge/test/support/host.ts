import { createNodeDatabase, type NodeDatabase } from '@ephemera/db/node';
import type { Simulator } from '@ephemera/openai-simulator';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as z from 'zod';

import { DEMO_DEFAULTS } from '../../src/demo-defaults.ts';
import { startSqld } from '../../src/node/sqld.ts';
import { startIssuer, type TestIssuer } from './issuer.ts';
import { HOST_ENVIRONMENT, NODE_ENTRY, READY, startProcess } from './processes.ts';
import { CANARY_KEY, takeSimulator } from './simulators.ts';
import { copyTemplate, type Seeding } from './templates.ts';
import { launchWorker } from './worker-host.ts';

export { CANARY_KEY, STORED_KEYS } from './simulators.ts';
export { OPERATOR } from './templates.ts';

export const INTERNAL_SECRET = 'internal-CANARY-secret-of-the-tests-01';
/** The second one, as during a rotation. */
export const NEXT_INTERNAL_SECRET = 'internal-CANARY-secret-of-the-tests-02';
export const METRICS_TOKEN = 'metrics-CANARY-token-of-the-tests-0123';
export const KEYRING = `2:${Buffer.alloc(32, 2).toString('base64')},1:${Buffer.alloc(32, 1).toString('base64')}`;
export const ALLOWED_ORIGIN = 'https://app.example.test';
export const TURN_SECRET = 'turn-secret-of-the-tests-0123456789ab';

const BASE_URL = 'http://127.0.0.1:8787';

type Running = {
  url: string;
  userToken: string;
  database: NodeDatabase;
  /** Where the database keeps its files. */
  dataFolder: string;
  logs: () => string;
  launchAnother: () => Promise<{ url: string }>;
};

/** A broker that listens, with everything real around it: a database, the simulator, an external issuer. */
export type TestHost = AsyncDisposable & {
  kind: 'node' | 'workerd';
  url: string;
  simulator: Simulator;
  issuer: TestIssuer;
  /** A token of the built-in issuer, for the demo's user. */
  userToken: string;
  /** Rows of the database as they are stored. */
  readRows: NodeDatabase['read'];
  dataFolder: string;
  /** Everything the host has logged so far. */
  logs: () => string;
  /** Starts another process, or another isolate, over the same database; it ends with this one. */
  launchAnother: () => Promise<{ url: string }>;
  fetch: (path: string, init?: RequestInit) => Promise<Response>;
  /** POST of JSON, with the user's token unless another is given; `null` sends none. */
  post: (
    path: string,
    body: unknown,
    options?: { token?: string | null; headers?: HeadersInit },
  ) => Promise<Response>;
};

/** The host that this project of the suite is about; the same tests run on both. */
export async function startHost(overrides: Record<string, string> = {}): Promise<TestHost> {
  await using opened = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), 'ephemera-edge-'));
  opened.defer(() => rm(folder, { recursive: true, force: true }));
  const simulator = opened.use(await takeSimulator());
  const issuer = opened.use(await startIssuer());
  const kind = z.enum(['node', 'workerd']).parse(process.env['EDGE_TEST_HOST']);
  const env = { ...createEnvironment(simulator, issuer), ...overrides };
  const running = await (kind === 'node' ? startNode : startWorkerd)({ env, folder, opened });
  const closing = opened.move();
  return {
    kind,
    simulator,
    issuer,
    url: running.url,
    userToken: running.userToken,
    readRows: running.database.read,
    dataFolder: running.dataFolder,
    logs: running.logs,
    launchAnother: running.launchAnother,
    fetch: (path, init) => fetch(`${running.url}${path}`, init),
    post: (path, body, { token = running.userToken, headers } = {}) =>
      fetch(`${running.url}${path}`, {
        method: 'POST',
        body: JSON.stringify(body),
        headers: {
          'content-type': 'application/json',
          ...(token === null ? {} : { authorization: `Bearer ${token}` }),
          ...Object.fromEntries(new Headers(headers)),
        },
      }),
    [Symbol.asyncDispose]: () => closing.disposeAsync(),
  };
}

function createEnvironment(simulator: Simulator, issuer: TestIssuer): Record<string, string> {
  return {
    OPENAI_BASE_URL: `${simulator.url}/v1`,
    OPENAI_API_KEY: CANARY_KEY,
    BASE_URL,
    JWT_ISSUER: issuer.issuer,
    JWT_AUDIENCE: issuer.audience,
    JWKS_URL: issuer.jwksUrl,
    ALLOWED_ORIGINS: ALLOWED_ORIGIN,
    MAX_TOKEN_TTL_SECONDS: '3600',
    TURN_PROVIDERS: 'coturn,static',
    COTURN_URLS: 'turn:127.0.0.1:3478?transport=udp,turns:turn.example.test:5349',
    COTURN_STATIC_AUTH_SECRET: TURN_SECRET,
    ICE_SERVERS: '[{"urls":"stun:stun.example.test:3478"}]',
    KEYRING,
    METRICS_TOKEN,
    INTERNAL_API_SECRETS: `crawler:${INTERNAL_SECRET},next:${NEXT_INTERNAL_SECRET}`,
    ANONYMOUS_TOKENS: 'off',
    LOG_LEVEL: 'debug',
    // Checked at every mint; suites about limits set their own.
    MINTS_PER_MINUTE: '100000',
    MINTS_PER_MINUTE_PER_ADDRESS: '100000',
    MAX_OPEN_SESSIONS: '100000',
  };
}

type StartOptions = { env: Record<string, string>; folder: string; opened: AsyncDisposableStack };

const demoFileSchema = z.object({ userToken: z.string() });

async function launchNode({ env, folder }: Omit<StartOptions, 'opened'>, opened: AsyncDisposableStack) {
  const running = opened.use(
    startProcess({
      command: process.execPath,
      args: [NODE_ENTRY],
      env: { ...HOST_ENVIRONMENT, ...env, HOST: '127.0.0.1', PORT: '0', DATA_DIR: folder },
    }),
  );
  const output = await running.waitFor(READY);
  return { running, url: READY.exec(output)?.[1] ?? '' };
}

async function startNode({ env, folder, opened }: StartOptions): Promise<Running> {
  await copyTemplate(seedingOf(env, { store: 'file', secret: DEMO_DEFAULTS.authSecret }), folder);
  const others = opened.use(new AsyncDisposableStack());
  const { running, url } = await launchNode({ env, folder }, opened);
  const demo = demoFileSchema.parse(JSON.parse(await readFile(join(folder, 'demo.json'), 'utf8')));
  const database = opened.adopt(
    await createNodeDatabase({ url: `file:${join(folder, 'ephemera.db')}` }),
    (it) => it.close(),
  );
  return {
    url,
    userToken: demo.userToken,
    database,
    dataFolder: folder,
    logs: () => onlyLogLines(running.output()),
    launchAnother: () => launchNode({ env, folder }, others),
  };
}

/** Without the banner, which shows the demo's own token on purpose. */
function onlyLogLines(output: string): string {
  return output
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .join('\n');
}

async function startWorkerd({ env, folder, opened }: StartOptions): Promise<Running> {
  const dataFolder = join(folder, 'sqld');
  const vars = { ...OWN_SECRETS, ...env };
  const seeding = seedingOf(vars, { store: 'sqld', secret: OWN_SECRETS.AUTH_SECRET });
  const { userToken } = await copyTemplate(seeding, dataFolder);
  const sqld = opened.use(await startSqld(dataFolder));
  const database = opened.adopt(await createNodeDatabase({ url: sqld.url }), (it) => it.close());
  const others = opened.use(new AsyncDisposableStack());
  const launch = (into: AsyncDisposableStack) =>
    launchWorker({ ...vars, TURSO_DATABASE_URL: sqld.url }).then((it) => into.use(it));
  const { url, logs } = await launch(opened);
  return { url, userToken, database, dataFolder, logs, launchAnother: () => launch(others) };
}

function seedingOf(
  env: Record<string, string>,
  { store, secret }: Pick<Seeding, 'store' | 'secret'>,
): Seeding {
  return {
    store,
    secret: env['AUTH_SECRET'] ?? secret,
    baseUrl: env['BASE_URL'] ?? '',
    audience: env['JWT_AUDIENCE'] ?? '',
  };
}

/** Workers have no demo, so here the secrets are the tests' own. */
const OWN_SECRETS = {
  AUTH_SECRET: 'auth-secret-of-the-tests-0123456789abcdef',
  SAFETY_IDENTIFIER_SECRET: 'safety-secret-of-the-tests-0123456789abc',
};
