import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { BENCH_KEYS } from './bench-keys.ts';
import { setBudgets } from './ephemera-client.ts';
import { openLedger } from './ledger.ts';
import { findFreePort, type RunningServer } from './supervisor.ts';
import {
  createEnvironment,
  createMintRequest,
  type Target,
  type TargetContext,
  type TargetName,
} from './target.ts';

/** What a demo on loopback tells the scripts of its machine. */
export type DemoAccess = {
  userToken: string;
  operator: { email: string; password: string };
  internalApiSecret: string;
};

export type EphemeraServer = {
  name: TargetName;
  server: RunningServer;
  url: string;
  access: DemoAccess;
  databaseFile: string;
};

export type EphemeraOptions = {
  /** The key of the environment, the first one of the pool. */
  apiKey: string;
  settings?: Record<string, string>;
};

const REPOSITORY = fileURLToPath(new URL('../../', import.meta.url));

/** As `npm start` starts it. */
async function readServerFlags(): Promise<string[]> {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- because the file is one list of flags
  return JSON.parse(await readFile(join(REPOSITORY, 'scripts/server-flags.json'), 'utf8')) as string[];
}

async function readAccess(dataDirectory: string): Promise<DemoAccess> {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- because it is checked for what is used of it
  const demo = JSON.parse(await readFile(join(dataDirectory, 'demo.json'), 'utf8')) as Partial<DemoAccess>;
  const { userToken, operator, internalApiSecret } = demo;
  if (userToken === undefined || operator === undefined || typeof internalApiSecret !== 'string')
    throw new Error('Ephemera wrote no userToken, operator or internalApiSecret to demo.json.');
  return { userToken, operator, internalApiSecret };
}

export async function startEphemeraServer(
  name: TargetName,
  context: TargetContext,
  { apiKey, settings = {} }: EphemeraOptions,
): Promise<EphemeraServer> {
  const port = await findFreePort();
  const dataDirectory = join(context.workDirectory, `${name}-${port}`);
  await mkdir(dataDirectory);
  const databaseFile = join(dataDirectory, 'bench.db');
  const server = await context.supervisor.startServer({
    name,
    args: [
      ...(await readServerFlags()),
      ...(context.nodeArgs ?? []),
      join(REPOSITORY, 'apps/edge/src/node.ts'),
    ],
    cwd: REPOSITORY,
    env: createEnvironment({
      PORT: String(port),
      HOST: '127.0.0.1',
      DATA_DIR: dataDirectory,
      TURSO_DATABASE_URL: `file:${databaseFile}`,
      OPENAI_BASE_URL: `http://127.0.0.1:${context.upstreamPort}/v1`,
      OPENAI_API_KEY: apiKey,
      LOG_LEVEL: 'info',
      // Checked at every mint, and never reached.
      MINTS_PER_MINUTE: '100000000',
      MINTS_PER_MINUTE_PER_ADDRESS: '100000000',
      MAX_OPEN_SESSIONS: '100000000',
      ...settings,
    }),
    port,
    readyPath: '/readyz',
  });
  const access = await readAccess(dataDirectory);
  const started = { name, server, url: `http://127.0.0.1:${port}`, access, databaseFile };
  await setBudgets(started);
  return started;
}

/** A target that mints as the demo's user. What is in the database by now is not counted. */
export function createMintTarget(
  { name, server, access, databaseFile }: EphemeraServer,
  failedTriesPerMint: number | null,
): Target {
  const request = createMintRequest(access.userToken);
  return { name, server, request, ledger: openLedger(databaseFile), failedTriesPerMint };
}

export async function startEphemera(context: TargetContext): Promise<Target> {
  const started = await startEphemeraServer('ephemera', context, { apiKey: BENCH_KEYS.healthy });
  return createMintTarget(started, 0);
}
