import { spawn, type ChildProcess } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

export type RunningProcess = AsyncDisposable & {
  child: ChildProcess;
  /** Everything it has printed so far, both streams. */
  output: () => string;
  /** Resolves with the part printed so far once it matches. Rejects when the process ends before. */
  waitFor: (pattern: RegExp) => Promise<string>;
  /** Resolves with the exit code. */
  exited: Promise<number | null>;
};

const KILL_AFTER_MS = 8_000;

/** A path that must exist and be executable: a missing tool is a failed test with one clear line, never a skipped one. */
export function requireExecutable(path: string, hint: string): string {
  try {
    accessSync(path, constants.X_OK);
    return path;
  } catch (cause) {
    throw new Error(`${path} is missing: ${hint}`, { cause });
  }
}

/** The Node host as a program, and what its log says once it listens: where. */
export const NODE_ENTRY = fileURLToPath(new URL('node-entry.ts', import.meta.url));
export const READY = /"listening":"(http:[^"]+)"/;

/** All that a host takes over of the environment it is tested in. */
export const HOST_ENVIRONMENT = {
  PATH: process.env['PATH'],
  NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'],
};

export type ProcessOptions = {
  command: string;
  args: readonly string[];
  env?: NodeJS.ProcessEnv;
  cwd?: string;
};

/** Starts a process of this test; disposing of it ends it. */
export function startProcess(options: ProcessOptions): RunningProcess {
  const child = spawn(options.command, [...options.args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: options.env ?? process.env,
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
  });
  let output = '';
  const listeners = new Set<() => void>();
  const append = (chunk: Buffer): void => {
    output += chunk.toString();
    for (const listener of listeners) listener();
  };
  child.stdout.on('data', append);
  child.stderr.on('data', append);
  const exited = once(child, 'close').then(([code]: unknown[]) => (typeof code === 'number' ? code : null));
  return {
    child,
    output: () => output,
    exited,
    waitFor: (pattern) => waitForOutput(pattern, { listeners, output: () => output, exited }),
    [Symbol.asyncDispose]: async () => {
      const timer = setTimeout(() => child.kill('SIGKILL'), KILL_AFTER_MS);
      child.kill('SIGTERM');
      await exited;
      clearTimeout(timer);
    },
  };
}

type OutputSource = { listeners: Set<() => void>; output: () => string; exited: Promise<number | null> };

async function waitForOutput(pattern: RegExp, { listeners, output, exited }: OutputSource): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<string>();
  const check = (): void => {
    if (pattern.test(output())) resolve(output());
  };
  listeners.add(check);
  check();
  const ended = exited.then((code) => {
    throw new Error(`ended with ${String(code)} before printing ${String(pattern)}:\n${output()}`);
  });
  try {
    return await Promise.race([promise, ended]);
  } finally {
    listeners.delete(check);
  }
}

/** A port that was free a moment ago, for programs that cannot choose one themselves. */
export async function findFreePort(): Promise<number> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}
