import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import type { AppRouter, RouterOutputs } from '@ephemera/api';
import { createTRPCClient, httpLink, type TRPCClient } from '@trpc/client';

export type DemoFile = {
  url: string;
  simulatorUrl: string;
  operator: { email: string; password: string };
  userToken: string;
};

export type SessionDetail = RouterOutputs['sessions']['get'];

export type Host = DemoFile & {
  /** The API as the demo's user sees it. */
  api: TRPCClient<AppRouter>;
  /** Makes the upstream misbehave: see the simulator's README. */
  setFault(fault: unknown): Promise<void>;
  clearFaults(): Promise<void>;
  /** Fixes what the upstream hears and says in the calls that start from now on; null ends that. */
  setScript(script: unknown): Promise<void>;
  stop(): Promise<void>;
};

const ENTRY = fileURLToPath(new URL('../../../edge/src/node.ts', import.meta.url));
const START_DEADLINE_MS = 30_000;
const POLL_INTERVAL_MS = 50;

function readDemoFile(folder: string): DemoFile | null {
  try {
    return JSON.parse(readFileSync(join(folder, 'demo.json'), 'utf8'));
  } catch {
    return null; // Not written yet; the deadline decides.
  }
}

async function waitForDemoFile(folder: string, child: ChildProcess, output: () => string): Promise<DemoFile> {
  const deadline = Date.now() + START_DEADLINE_MS;
  while (Date.now() < deadline && child.exitCode === null) {
    const demo = readDemoFile(folder);
    if (demo && (await isReady(demo.url))) return demo;
    await new Promise((resolve) => setTimeout(resolve, POLL_INTERVAL_MS));
  }
  child.kill('SIGKILL');
  throw new Error(`The Node host did not start:\n${output()}`);
}

async function isReady(url: string): Promise<boolean> {
  return fetch(`${url}/readyz`).then(
    (response) => response.ok,
    () => false,
  );
}

function createTell(simulatorUrl: string) {
  return async (method: string, path: string, body?: unknown): Promise<void> => {
    const response = await fetch(`${simulatorUrl}/_simulator/${path}`, {
      method,
      headers: { 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!response.ok) throw new Error(`The simulator refused ${method} ${path}: ${await response.text()}`);
  };
}

export type HostOptions = {
  /** Data that outlives this host, for a test that starts another one over it. It is the caller's to remove. */
  keptFolder?: string;
};

/** Starts the real Node host with its simulator on free ports and, unless told otherwise, a fresh database. */
export async function startHost(env: NodeJS.ProcessEnv = {}, options: HostOptions = {}): Promise<Host> {
  const folder = options.keptFolder ?? mkdtempSync(join(tmpdir(), 'ephemera-e2e-'));
  rmSync(join(folder, 'demo.json'), { force: true });
  const child = spawn(process.execPath, [ENTRY], {
    env: {
      ...process.env,
      NODE_NO_WARNINGS: '1',
      PORT: '0',
      DATA_DIR: folder,
      LOG_LEVEL: 'warning',
      // Checked at every mint; a spec about limits sets its own.
      MINTS_PER_MINUTE: '10000',
      MINTS_PER_MINUTE_PER_ADDRESS: '10000',
      MAX_OPEN_SESSIONS: '10000',
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const demo = await waitForDemoFile(folder, child, () => output);
  const tellSimulator = createTell(demo.simulatorUrl);
  const headers = { authorization: `Bearer ${demo.userToken}` };
  return {
    ...demo,
    api: createTRPCClient<AppRouter>({ links: [httpLink({ url: `${demo.url}/trpc`, headers })] }),
    setFault: (fault) => tellSimulator('POST', 'faults', fault),
    clearFaults: () => tellSimulator('DELETE', 'faults'),
    setScript: (script) =>
      script === null ? tellSimulator('DELETE', 'script') : tellSimulator('PUT', 'script', script),
    async stop() {
      child.kill('SIGTERM');
      await exited;
      if (options.keptFolder === undefined) rmSync(folder, { recursive: true, force: true });
    },
  };
}
