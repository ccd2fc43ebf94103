import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

export const REPOSITORY = fileURLToPath(new URL('../../../..', import.meta.url));
const CLI = fileURLToPath(new URL('../../src/cli.ts', import.meta.url));

export type ProcessSession = {
  args: readonly string[];
  env: Record<string, string>;
  cwd?: string;
  /** Runs while the process waits for its standard input; returns what is then piped in. */
  beforeInput?: (pid: number) => Promise<string> | string;
};

/** Runs the command as the process that `scripts/run.mjs` starts. */
export async function runProcess({ args, env, cwd, beforeInput }: ProcessSession) {
  const child = spawn(process.execPath, ['--no-warnings', CLI, ...args], {
    cwd: cwd ?? REPOSITORY,
    env: { PATH: process.env['PATH'], NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'], ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const output = { stdout: '', stderr: '' };
  const append = (stream: 'stdout' | 'stderr') => (chunk: Buffer) => {
    output[stream] += chunk.toString();
  };
  child.stdout.on('data', append('stdout'));
  child.stderr.on('data', append('stderr'));
  const closed = once(child, 'close');
  const input = await beforeInput?.(child.pid ?? 0);
  child.stdin.end(input ?? '');
  const [code]: unknown[] = await closed;
  return { code, ...output };
}

/** The command lines of all processes of this machine, as everybody can read them. */
export async function readProcessList(): Promise<string> {
  if (process.platform !== 'linux') return (await promisify(execFile)('ps', ['-Aww', '-o', 'args'])).stdout;
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  // A process may end between the two reads.
  const lines = pids.map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => ''));
  return (await Promise.all(lines)).join('\n').replaceAll('\0', ' ');
}
