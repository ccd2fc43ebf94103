// The real Node host as a process of its own, over a simulator, for tests that harm it or what it stands on.
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { Simulator } from '@ephemera/openai-simulator';
import * as z from 'zod';

import { HOST_ENVIRONMENT, NODE_ENTRY, READY, type RunningProcess, startProcess } from './processes.ts';
import { takeSimulator } from './simulators.ts';
import { copyDemoDatabase } from './templates.ts';

const demoSchema = z.object({ userToken: z.string(), operator: z.record(z.string(), z.string()) });
export const MINT = '/v1/realtime/client_secrets';
export const JSON_BODY = { 'content-type': 'application/json' };

export type Broker = {
  running: RunningProcess;
  folder: string;
  url: string;
  simulator: Simulator;
  databaseFile: string;
  userToken: string;
  operator: Record<string, string>;
  mint: (token?: string) => Promise<Response>;
};

export type BrokerOptions = {
  /** A shell around the process. */
  wrap?: readonly string[];
  env?: Record<string, string>;
  /** The one whose database and upstream this one shares. */
  beside?: Broker;
};

export async function createFolder(opened: AsyncDisposableStack): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'ephemera-faults-'));
  opened.defer(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** A broker of its own for each test. */
export async function startBroker(
  opened: AsyncDisposableStack,
  { wrap = [], env = {}, beside }: BrokerOptions = {},
): Promise<Broker> {
  const folder = beside?.folder ?? (await createFolder(opened));
  const simulator = beside?.simulator ?? opened.use(await takeSimulator());
  if (beside === undefined) await copyDemoDatabase(folder);
  const [command, ...args] = [...wrap, process.execPath, NODE_ENTRY];
  const running = opened.use(
    startProcess({
      command,
      args,
      env: {
        ...HOST_ENVIRONMENT,
        PORT: '0',
        DATA_DIR: folder,
        OPENAI_BASE_URL: `${simulator.url}/v1`,
        OPENAI_API_KEY: simulator.apiKey,
        MINTS_PER_MINUTE: '100000',
        MINTS_PER_MINUTE_PER_ADDRESS: '100000',
        MAX_OPEN_SESSIONS: '100000',
        ...env,
      },
    }),
  );
  const url = READY.exec(await running.waitFor(READY))?.[1] ?? '';
  const access = demoSchema.parse(JSON.parse(await readFile(join(folder, 'demo.json'), 'utf8')));
  const mint = (token = access.userToken) =>
    fetch(`${url}${MINT}`, {
      method: 'POST',
      body: '{}',
      headers: { ...JSON_BODY, authorization: `Bearer ${token}` },
    });
  return { running, folder, url, ...access, simulator, databaseFile: join(folder, 'ephemera.db'), mint };
}
