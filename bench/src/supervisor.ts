import { type ChildProcess, fork, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const READY_TIMEOUT_MS = 30_000;
const READY_POLL_MS = 50;
const STOP_TIMEOUT_MS = 8_000;
const LOG_TAIL_LINES = 15;

export type Running = { name: string; pid: number; child: ChildProcess; stop: () => Promise<void> };
export type RunningServer = Running & { port: number };

export type ServerCommand = {
  name: string;
  /** Arguments of Node. */
  args: readonly string[];
  cwd: string;
  env: Record<string, string>;
  port: number;
  /** Answers 200 once requests can be served. */
  readyPath: string;
};

export type Supervisor = {
  /** Starts one of the bench's own processes, which speak over IPC and end with their parent. */
  startOwn: (file: URL, args?: readonly string[]) => Running;
  /** The same for one that listens: resolves with its port. */
  startOwnServer: (file: URL, args?: readonly string[]) => Promise<RunningServer>;
  /** Starts a server that is not ours to change and waits until it answers; its output goes to a file. */
  startServer: (command: ServerCommand) => Promise<RunningServer>;
  readonly pids: readonly number[];
  stopAll: () => Promise<void>;
  /** For a signal handler: ends everything at once. */
  killAll: () => void;
};

/** A loopback port that was free a moment ago, for servers that cannot say which one they took. */
export function findFreePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      const port = typeof address === 'object' && address !== null ? address.port : 0;
      probe.close(() => {
        resolve(port);
      });
    });
  });
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}

async function stopChild(child: ChildProcess): Promise<void> {
  if (hasEnded(child)) return;
  const { promise, resolve } = Promise.withResolvers<void>();
  child.once('exit', () => {
    resolve();
  });
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS);
  await promise;
  clearTimeout(timer);
}

/** The next thing a process says; rejects if it ends without a word. */
export function receiveMessage(child: ChildProcess): Promise<unknown> {
  return new Promise((resolve, reject) => {
    child.once('message', resolve);
    child.once('exit', (code, signal) => {
      reject(new Error(`a helper process ended early (${code ?? signal})`));
    });
  });
}

async function isAnswering(url: string): Promise<boolean> {
  try {
    const response = await fetch(url);
    await response.arrayBuffer();
    return response.ok;
  } catch {
    // Not listening yet: the caller asks again until its time is up.
    return false;
  }
}

async function describeFailure(name: string, logFile: string, what: string): Promise<string> {
  const lines = (await readFile(logFile, 'utf8')).trimEnd().split('\n').slice(-LOG_TAIL_LINES);
  return `${name} ${what}. Its last output:\n${lines.join('\n')}`;
}

async function waitUntilReady(command: ServerCommand, child: ChildProcess, logFile: string): Promise<void> {
  const url = `http://127.0.0.1:${command.port}${command.readyPath}`;
  const deadline = performance.now() + READY_TIMEOUT_MS;
  while (!(await isAnswering(url))) {
    if (hasEnded(child)) {
      throw new Error(
        await describeFailure(command.name, logFile, `ended with ${child.exitCode ?? child.signalCode}`),
      );
    }
    if (performance.now() > deadline) {
      throw new Error(
        await describeFailure(command.name, logFile, `was not ready after ${READY_TIMEOUT_MS} ms`),
      );
    }
    await sleep(READY_POLL_MS);
  }
}

/** Keeps track of every process the bench starts, so that each can be ended by its id whatever happens. */
export function createSupervisor(logDirectory: string): Supervisor {
  const children = new Set<ChildProcess>();

  const track = (name: string, child: ChildProcess): Running => {
    if (child.pid === undefined) throw new Error(`${name} could not be started.`);
    children.add(child);
    child.once('exit', () => children.delete(child));
    return { name, pid: child.pid, child, stop: () => stopChild(child) };
  };

  const startOwn = (file: URL, args: readonly string[] = []): Running =>
    track(file.pathname, fork(file, args, { stdio: ['ignore', 'ignore', 'inherit', 'ipc'], execArgv: [] }));

  return {
    startOwn,
    startOwnServer: async (file, args = []) => {
      const running = startOwn(file, args);
      const message = await receiveMessage(running.child);
      if (typeof message !== 'object' || message === null || !('port' in message)) {
        throw new Error(`${running.name} did not say which port it took.`);
      }
      return { ...running, port: Number(message.port) };
    },
    startServer: async (command) => {
      const logFile = join(logDirectory, `${command.name}-${command.port}.log`);
      const log = openSync(logFile, 'w');
      const child = spawn(process.execPath, command.args, {
        cwd: command.cwd,
        env: command.env,
        stdio: ['ignore', log, log],
      });
      closeSync(log);
      const running = track(command.name, child);
      await waitUntilReady(command, child, logFile);
      return { ...running, port: command.port };
    },
    get pids() {
      return [...children].flatMap((child) => child.pid ?? []);
    },
    stopAll: async () => {
      await Promise.all([...children].map(stopChild));
    },
    killAll: () => {
      for (const child of children) child.kill('SIGKILL');
    },
  };
}
