import { createAuth, createIdSource, createPasswords, createVault } from '@ephemera/api';
import { createNodeDatabase } from '@ephemera/db/node';
import { startSimulator } from '@ephemera/openai-simulator';
import { spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';

import { type Config, ConfigError, parseConfig } from '../config.ts';
import { DEMO_DEFAULTS } from '../demo-defaults.ts';
import { createAccessKeyIdentity, createKeyIdentity } from '../dependencies.ts';
import { describeDemo } from './banner.ts';
import { seedDemoAccessKey } from './demo-access-key.ts';
import { writeDemoFile } from './demo-file.ts';
import { seedDemoKeys } from './demo-keys.ts';
import { type Credentials, prepareDemo } from './demo.ts';
import { chooseVariables } from './dev-edge-variables.ts';
import type { HostProcess } from './run-node-host.ts';
import { SIMULATOR_KEYS } from './simulator.ts';
import { startSqld } from './sqld.ts';
import { StartError } from './start-error.ts';

const KILL_AFTER_MS = 5_000;
const READY_DEADLINE_MS = 60_000;
const READY_POLL_MS = 100;

/**
 * The demo in workerd: sqld as its Turso server, the simulator as its provider, `wrangler dev` over `src/worker.ts`.
 * Ends everything it started when a signal comes or when wrangler ends. Resolves with the exit code.
 */
export async function runDevEdge(host: HostProcess, edgeFolder: string): Promise<number> {
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    host.on(signal, () => {
      stop.abort();
    });
  }
  try {
    await serve(host, { edgeFolder, stop: stop.signal });
    return 0;
  } catch (error) {
    if (!(error instanceof StartError) && !(error instanceof ConfigError)) throw error;
    host.stderr.write(`${error.message}\n`);
    return 1;
  }
}

async function serve(host: HostProcess, options: { edgeFolder: string; stop: AbortSignal }): Promise<void> {
  const config = parseConfig(host.env, 'node');
  const { operator } = config;
  if (!config.isDemo || operator === null) {
    throw new StartError(
      'npm run dev:edge is the loopback demo in workerd: unset HOST, AUTH_SECRET and the other secrets.',
    );
  }
  const dataDir = resolve(config.dataDir);
  const url = `http://127.0.0.1:${config.port}`;
  await using opened = new AsyncDisposableStack();
  const [sqld, simulator] = await Promise.all([
    startSqld(join(dataDir, 'sqld')).then((it) => opened.use(it)),
    startSimulator({ apiKeys: SIMULATOR_KEYS }).then((it) => opened.use(it)),
  ]);
  const vars = {
    ...chooseVariables(host.env, config),
    ...(await readOwnSecrets(dataDir)),
    BASE_URL: url,
    TURSO_DATABASE_URL: sqld.url,
    OPENAI_BASE_URL: `${simulator.url}/v1`,
    OPENAI_API_KEY: simulator.apiKey,
    LOG_LEVEL: config.logLevel,
  };
  const workerConfig = parseConfig(vars, 'workers');
  const { userToken } = await seed(workerConfig, operator);
  const wrangler = await startWrangler(host, { ...options, dataDir, vars, port: config.port });
  opened.use(wrangler);
  await untilReady(url, AbortSignal.any([options.stop, wrangler.ended]));
  const internalApiSecret = workerConfig.internalSecrets[0]?.secret ?? null;
  const { metricsToken } = workerConfig;
  const simulatorUrl = simulator.url;
  const { accessKey } = DEMO_DEFAULTS;
  const demo = { url, simulatorUrl, operator, userToken, accessKey, internalApiSecret, metricsToken };
  const path = await writeDemoFile(dataDir, demo);
  const upstream = `the simulator at ${simulator.url}; this is workerd over sqld at ${sqld.url}`;
  if (!options.stop.aborted) host.stdout.write(describeDemo({ demo, path, upstream, hasWebApp: true }));
  const ended = AbortSignal.any([options.stop, wrangler.ended]);
  if (!ended.aborted) await once(ended, 'abort');
}

/** Workers refuse the demo's well-known secrets, so this machine gets its own, once. */
async function readOwnSecrets(dataDir: string) {
  const path = join(dataDir, 'dev-edge.secret');
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  const secret = randomBytes(32).toString('base64url');
  await writeFile(path, secret, { mode: 0o600, flag: 'wx' }).catch((error: unknown) => {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  });
  const stored = (await readFile(path, 'utf8')).trim();
  const keyring = createHash('sha256').update(`keyring-${stored}`).digest('base64');
  return {
    AUTH_SECRET: `auth-${stored}`,
    SAFETY_IDENTIFIER_SECRET: `safety-${stored}`,
    KEYRING: `1:${keyring}`,
    INTERNAL_API_SECRET: `internal-${stored}`,
    METRICS_TOKEN: `metrics-${stored}`,
  };
}

const CLOCK = { now: () => Date.now() };
/** Seeding fails loudly or not at all. */
const QUIET = { info: () => undefined, warn: () => undefined, error: () => undefined };

async function seed(config: Config, operator: Credentials) {
  const { jwt, authSecret, baseUrl, keyring } = config;
  const database = await createNodeDatabase({ url: config.database.url });
  try {
    await database.migrate();
    const account = createAuth({
      database,
      clock: CLOCK,
      ids: createIdSource(CLOCK.now),
      passwords: createPasswords({ database, clock: CLOCK }),
      secret: authSecret,
      baseUrl: baseUrl ?? '',
      trustedOrigins: [],
      issuer: jwt.issuer,
      audience: jwt.audience,
      logger: QUIET,
    });
    if (keyring !== null) {
      const fingerprint = createKeyIdentity(config);
      await seedDemoKeys({ database, vault: createVault({ keyring }), fingerprint }, Date.now());
    }
    await seedDemoAccessKey({ database, accessKeySecrets: createAccessKeyIdentity(config) }, Date.now());
    return await prepareDemo({ database, account }, operator);
  } finally {
    await database.close();
  }
}

type WranglerOptions = { edgeFolder: string; dataDir: string; vars: Record<string, string>; port: number };

/** `ended` aborts when wrangler does. Its own keys are off, so that Ctrl-C means the same here as everywhere. */
async function startWrangler(host: HostProcess, { edgeFolder, dataDir, vars, port }: WranglerOptions) {
  const envFile = join(dataDir, 'dev-edge.env');
  const lines = Object.entries(vars).map(([name, value]) => `${name}=${JSON.stringify(value)}`);
  await writeFile(envFile, `${lines.join('\n')}\n`, { mode: 0o600 });
  const args = ['dev', '--ip', '127.0.0.1', '--port', String(port), '--env-file', envFile];
  const child = spawn(
    join(edgeFolder, '../../node_modules/.bin/wrangler'),
    [...args, '--show-interactive-dev-session=false'],
    {
      cwd: edgeFolder,
      // A group of its own: Ctrl-C reaches us alone, and wrangler is told to end after its requests have.
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        ...host.env,
        WRANGLER_HIDE_BANNER: 'true',
        WRANGLER_SEND_METRICS: 'false',
        CLOUDFLARE_CF_FETCH_ENABLED: 'false',
      },
    },
  );
  const ended = new AbortController();
  child.stdout.pipe(host.stderr, { end: false });
  child.stderr.pipe(host.stderr, { end: false });
  const exited = once(child, 'exit');
  void exited.then(() => {
    ended.abort();
    return null;
  });
  return {
    ended: ended.signal,
    [Symbol.asyncDispose]: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const timer = setTimeout(() => child.kill('SIGKILL'), KILL_AFTER_MS);
      child.kill('SIGINT');
      await exited;
      clearTimeout(timer);
    },
  };
}

async function untilReady(url: string, stop: AbortSignal): Promise<void> {
  const deadline = Date.now() + READY_DEADLINE_MS;
  while (!stop.aborted && Date.now() < deadline) {
    const [answer] = await Promise.allSettled([fetch(`${url}/readyz`)]);
    if (answer.status === 'fulfilled' && answer.value.ok) return;
    await new Promise((resolve_) => setTimeout(resolve_, READY_POLL_MS));
  }
  if (!stop.aborted)
    throw new StartError(`workerd was not ready at ${url} within ${READY_DEADLINE_MS / 1_000} s.`);
}
