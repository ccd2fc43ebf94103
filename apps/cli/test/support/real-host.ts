import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import * as z from 'zod';

import { REPOSITORY } from './run-process.ts';

/** Not imported: another package's file, started as the process that it is. */
const NODE_ENTRY = join(REPOSITORY, 'apps/edge/test/support/node-entry.ts');
const READY = /"listening":"(http:[^"]+)"/;
const demoSchema = z.object({ url: z.string(), internalApiSecret: z.string() });

/** The real Node host as the demo, over an empty folder, with its own simulator. */
export async function startRealHost() {
  const folder = await mkdtemp(join(tmpdir(), 'ephemera-cli-host-'));
  const child = spawn(process.execPath, ['--no-warnings', NODE_ENTRY], {
    cwd: folder,
    env: {
      PATH: process.env['PATH'],
      NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'],
      HOST: '127.0.0.1',
      PORT: '0',
      DATA_DIR: folder,
      LOG_LEVEL: 'debug',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  const { promise: ready, resolve, reject } = Promise.withResolvers<void>();
  const append = (chunk: Buffer): void => {
    output += chunk.toString();
    if (READY.test(output)) resolve();
  };
  child.stdout.on('data', append);
  child.stderr.on('data', append);
  const exited = once(child, 'close');
  void exited.then(() => {
    reject(new Error(`The host ended before it listened:\n${output}`));
    return null;
  });
  await ready;
  const demo = demoSchema.parse(JSON.parse(await readFile(join(folder, 'demo.json'), 'utf8')));
  return {
    ...demo,
    folder,
    /** What the host has printed. */
    output: () => output,
    [Symbol.asyncDispose]: async () => {
      child.kill('SIGTERM');
      await exited;
      await rm(folder, { recursive: true, force: true });
    },
  };
}
