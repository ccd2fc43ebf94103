import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ENTRY = fileURLToPath(new URL('../../../edge/src/node.ts', import.meta.url));
const START_DEADLINE_MS = 30_000;

/** With secrets of its own it is no demo: it has no accounts yet. */
const SECRETS = {
  AUTH_SECRET: 'an-auth-secret-for-one-test-only-41c7',
  SAFETY_IDENTIFIER_SECRET: 'another-secret-for-one-test-only-9e02',
};

export type Service = {
  url: string;
  /** What it told whoever started it, to make the first account with. */
  setupToken: string;
  stop(): Promise<void>;
};

/** A deployment at its first start, as its banner announces it. */
export async function startService(): Promise<Service> {
  const folder = mkdtempSync(join(tmpdir(), 'ephemera-e2e-'));
  const child = spawn(process.execPath, [ENTRY], {
    env: {
      ...process.env,
      ...SECRETS,
      NODE_NO_WARNINGS: '1',
      PORT: '0',
      DATA_DIR: folder,
      LOG_LEVEL: 'warning',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const stop = async () => {
    child.kill('SIGTERM');
    await exited;
    rmSync(folder, { recursive: true, force: true });
  };
  const found = await new Promise<RegExpExecArray | null>((resolve) => {
    const timer = setTimeout(() => resolve(null), START_DEADLINE_MS);
    const read = (chunk: Buffer): void => {
      output += chunk.toString();
      const match = /ready at (\S+);[^]*with this token[^\n]*\n(\S+)\n/.exec(output);
      if (match === null) return;
      clearTimeout(timer);
      resolve(match);
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    child.once('exit', () => resolve(null));
  });
  const [, url, setupToken] = found ?? [];
  if (url === undefined || setupToken === undefined) {
    await stop();
    throw new Error(`The service did not start:\n${output}`);
  }
  return { url, setupToken, stop };
}
