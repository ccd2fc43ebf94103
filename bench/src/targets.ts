import { mkdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { openLedger, type Ledger } from './ledger.ts';
import type { LoadOrder } from './load.ts';
import { findFreePort, type RunningServer, type Supervisor } from './supervisor.ts';

export const TARGET_NAMES = ['direct', 'floor', 'peer', 'ephemera'] as const;
export type TargetName = (typeof TARGET_NAMES)[number];

export type Target = {
  name: TargetName;
  server: RunningServer;
  request: Pick<LoadOrder, 'path' | 'headers' | 'body'>;
  /** The sessions in the database of a target that stores them. */
  ledger: Ledger | null;
};

export type TargetContext = {
  supervisor: Supervisor;
  upstreamPort: number;
  /** A directory of this run's own, removed at its end. */
  workDirectory: string;
  /** Extra arguments of the Node process that runs Ephemera. */
  nodeArgs?: readonly string[];
};

const REPOSITORY = fileURLToPath(new URL('../../', import.meta.url));
const MINT_PATH = '/v1/realtime/client_secrets';
const MINT_BODY = JSON.stringify({
  expires_after: { anchor: 'created_at', seconds: 600 },
  session: { type: 'realtime', audio: { output: { voice: 'marin' } } },
});
const CHAT_BODY = JSON.stringify({
  model: 'gpt-4o-mini',
  messages: [{ role: 'user', content: 'Good morning.' }],
  max_tokens: 64,
});
const UPSTREAM_KEY = 'sk-bench';

function jsonHeaders(bearer: string): Record<string, string> {
  return { 'content-type': 'application/json', authorization: `Bearer ${bearer}` };
}

/** Nothing of the caller's environment reaches a target: a real provider key must not. */
function createEnvironment(settings: Record<string, string>): Record<string, string> {
  return { PATH: process.env['PATH'] ?? '', NODE_ENV: 'production', ...settings };
}

export function createDirectTarget(upstream: RunningServer): Target {
  const request = { path: MINT_PATH, headers: jsonHeaders(UPSTREAM_KEY), body: MINT_BODY };
  return { name: 'direct', server: upstream, request, ledger: null };
}

async function startFloor({ supervisor, upstreamPort }: TargetContext): Promise<Target> {
  const file = new URL('./processes/floor-proxy.ts', import.meta.url);
  const server = await supervisor.startOwnServer(file, [`http://127.0.0.1:${upstreamPort}`]);
  const request = { path: MINT_PATH, headers: jsonHeaders('user'), body: MINT_BODY };
  return { name: 'floor', server, request, ledger: null };
}

async function startPeer({ supervisor, upstreamPort, workDirectory }: TargetContext): Promise<Target> {
  const port = await findFreePort();
  const loopback = fileURLToPath(new URL('./processes/listen-on-loopback.ts', import.meta.url));
  const entry = createRequire(import.meta.url).resolve('@portkey-ai/gateway/build/start-server.js');
  const server = await supervisor.startServer({
    name: 'peer',
    args: ['--import', loopback, entry, `--port=${port}`, '--headless'],
    cwd: workDirectory,
    env: createEnvironment({}),
    port,
    readyPath: '/',
  });
  const headers = {
    ...jsonHeaders(UPSTREAM_KEY),
    'x-portkey-provider': 'openai',
    'x-portkey-custom-host': `http://127.0.0.1:${upstreamPort}/v1`,
  };
  return {
    name: 'peer',
    server,
    request: { path: '/v1/chat/completions', headers, body: CHAT_BODY },
    ledger: null,
  };
}

async function readUserToken(dataDirectory: string): Promise<string> {
  const demo: unknown = JSON.parse(await readFile(join(dataDirectory, 'demo.json'), 'utf8'));
  if (
    typeof demo === 'object' &&
    demo !== null &&
    'userToken' in demo &&
    typeof demo.userToken === 'string'
  ) {
    return demo.userToken;
  }
  throw new Error('Ephemera wrote no userToken to demo.json.');
}

async function startEphemera(context: TargetContext): Promise<Target> {
  const port = await findFreePort();
  const dataDirectory = join(context.workDirectory, `ephemera-${port}`);
  await mkdir(dataDirectory);
  const databaseFile = join(dataDirectory, 'bench.db');
  const server = await context.supervisor.startServer({
    name: 'ephemera',
    args: [...(context.nodeArgs ?? []), join(REPOSITORY, 'apps/edge/src/node.ts')],
    cwd: REPOSITORY,
    env: createEnvironment({
      PORT: String(port),
      HOST: '127.0.0.1',
      DATA_DIR: dataDirectory,
      TURSO_DATABASE_URL: `file:${databaseFile}`,
      OPENAI_BASE_URL: `http://127.0.0.1:${context.upstreamPort}/v1`,
      OPENAI_API_KEY: UPSTREAM_KEY,
      LOG_LEVEL: 'info',
    }),
    port,
    readyPath: '/readyz',
  });
  const headers = jsonHeaders(await readUserToken(dataDirectory));
  const request = { path: MINT_PATH, headers, body: MINT_BODY };
  return { name: 'ephemera', server, request, ledger: openLedger(databaseFile) };
}

const STARTERS = { floor: startFloor, peer: startPeer, ephemera: startEphemera };

export function startTarget(name: Exclude<TargetName, 'direct'>, context: TargetContext): Promise<Target> {
  return STARTERS[name](context);
}
