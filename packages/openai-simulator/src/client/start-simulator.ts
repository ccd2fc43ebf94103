import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

import * as z from 'zod';

import { createAdminClient, type SimulatorAdmin } from './admin-client.ts';

export type SimulatorOptions = {
  /** Default 0: any free port. */
  port?: number;
  tlsPort?: number;
  udpPort?: number;
  host?: string;
  /** Project keys to accept; default `['sk-simulator']`. */
  apiKeys?: readonly string[];
  answerDelayMs?: number;
  /** Path of a script file. */
  scriptFile?: string;
  /** Gets each line that the simulator logs. */
  onLog?: (line: string) => void;
};

export type Simulator = AsyncDisposable & {
  /** `http://127.0.0.1:N`; the REST base for clients is this and `/v1`. */
  readonly url: string;
  readonly tlsUrl: string;
  /** A PEM file that a TLS client must trust. */
  readonly caFile: string;
  readonly apiKey: string;
  readonly pid: number;
  readonly admin: SimulatorAdmin;
  stop(): Promise<void>;
};

const readySchema = z.object({ url: z.string(), tlsUrl: z.string(), caFile: z.string(), pid: z.number() });
type Ready = z.infer<typeof readySchema>;

const START_DEADLINE_MS = 20_000;
const STOP_DEADLINE_MS = 3_000;

function listArguments(options: SimulatorOptions, apiKeys: readonly string[]): string[] {
  const values: [string, string | number | undefined][] = [
    ['--port', options.port ?? 0],
    ['--tls-port', options.tlsPort],
    ['--udp-port', options.udpPort],
    ['--host', options.host],
    ['--answer-delay-ms', options.answerDelayMs],
    ['--script', options.scriptFile],
    ...apiKeys.map((key): [string, string] => ['--api-key', key]),
  ];
  return values.flatMap(([flag, value]) => (value === undefined ? [] : [flag, String(value)]));
}

/** Waits for the line of JSON that says where the child listens. */
async function waitUntilReady(child: ChildProcess, onLog: (line: string) => void): Promise<Ready> {
  const { promise, resolve, reject } = Promise.withResolvers<Ready>();
  const lastLines: string[] = [];
  if (child.stdout)
    createInterface({ input: child.stdout }).on('line', (line) =>
      resolve(readySchema.parse(JSON.parse(line))),
    );
  if (child.stderr) {
    createInterface({ input: child.stderr }).on('line', (line) => {
      lastLines.push(line);
      if (lastLines.length > 20) lastLines.shift();
      onLog(line);
    });
  }
  child.once('error', reject);
  child.once('close', (code) =>
    reject(new Error(`The simulator ended with code ${code}: ${lastLines.join('\n')}`)),
  );
  const timer = setTimeout(
    () => reject(new Error('The simulator was not ready within 20 s.')),
    START_DEADLINE_MS,
  );
  return promise.finally(() => clearTimeout(timer));
}

async function stopChild(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_DEADLINE_MS);
  await exited;
  clearTimeout(timer);
}

/**
 * Starts a simulator in a process of its own, which also ends when this one does.
 * @throws when it does not come up within 20 s, for instance because its port is taken.
 */
export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const apiKeys = options.apiKeys ?? ['sk-simulator'];
  const cli = fileURLToPath(new URL('../cli.ts', import.meta.url));
  const args = ['--disable-warning=ExperimentalWarning', cli, '--json', ...listArguments(options, apiKeys)];
  // In a group of its own: a terminal's Ctrl-C is for the parent, which drains first and then stops us.
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe', 'ipc'], detached: true });
  const ready = await waitUntilReady(child, options.onLog ?? (() => {})).catch(async (error: unknown) => {
    await stopChild(child);
    throw error;
  });
  const stop = () => stopChild(child);
  return {
    ...ready,
    apiKey: apiKeys[0] ?? '',
    admin: createAdminClient(ready.url),
    stop,
    [Symbol.asyncDispose]: stop,
  };
}
