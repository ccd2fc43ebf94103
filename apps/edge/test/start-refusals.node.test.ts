// What stops a start: one line that names what to do, and nothing left running.
import { once } from 'node:events';
import { createServer } from 'node:http';

import * as z from 'zod';

import { start, test } from './support/node-start.ts';

test('every bad variable is named, and nothing is left running', async ({ dataDir, expect }) => {
  await using broker = start({
    DATA_DIR: dataDir,
    PORT: 'eighty',
    LOG_LEVEL: 'loud',
    OPENAI_BASE_URL: 'ftp://x',
  });

  expect(await broker.exited).toBe(1);
  for (const name of ['PORT', 'LOG_LEVEL', 'OPENAI_BASE_URL'])
    expect(broker.output()).toMatch(new RegExp(`^ +${name}: `, 'm'));
  expect(broker.output()).not.toContain('    at ');
});

test('a host that others reach refuses to run on the secrets of the demo', async ({ dataDir, expect }) => {
  await using broker = start({ DATA_DIR: dataDir, HOST: '0.0.0.0' });

  expect(await broker.exited).toBe(1);
  expect(broker.output()).toContain('AUTH_SECRET');
  expect(broker.output()).toContain('SAFETY_IDENTIFIER_SECRET');
});

const OWN_SECRETS = {
  AUTH_SECRET: 'own-auth-secret-0123456789-0123456789',
  SAFETY_IDENTIFIER_SECRET: 'own-safety-secret-0123456789-0123456789',
};

test('a deployment refuses the database of a demo, whose passwords everybody knows', async ({
  dataDir,
  expect,
}) => {
  await using demo = start({ DATA_DIR: dataDir });
  await demo.waitFor(/"msg":"ready"/);
  await demo[Symbol.asyncDispose]();

  await using broker = start({ DATA_DIR: dataDir, ...OWN_SECRETS });

  expect(await broker.exited).toBe(1);
  expect(broker.output().trim().split('\n')).toEqual([expect.stringContaining('operator@demo.local')]);
});

test('a signing key that another secret made is refused in one line', async ({ dataDir, expect }) => {
  await using first = start({ DATA_DIR: dataDir, ...OWN_SECRETS });
  await first.waitFor(/"msg":"ready"/);
  await first[Symbol.asyncDispose]();

  const AUTH_SECRET = 'another-auth-secret-0123456789-0123456789';
  await using broker = start({ DATA_DIR: dataDir, ...OWN_SECRETS, AUTH_SECRET });

  expect(await broker.exited).toBe(1);
  expect(broker.output().trim().split('\n')).toEqual([expect.stringContaining('AUTH_SECRET')]);
});

test('a data folder that cannot be made is named in one line', async ({ expect }) => {
  await using broker = start({ DATA_DIR: '/proc/nowhere' });

  expect(await broker.exited).toBe(1);
  expect(broker.output().trim().split('\n')).toEqual([expect.stringContaining('/proc/nowhere')]);
});

test('a database file that cannot be opened is told with its reason once', async ({ dataDir, expect }) => {
  await using broker = start({ DATA_DIR: dataDir, TURSO_DATABASE_URL: `file:${dataDir}` });

  expect(await broker.exited).toBe(1);
  expect(broker.output().trim()).toMatch(/cannot be used: EISDIR: [^\n]+$/);
});

test('a taken port is named in one line', async ({ dataDir, expect }) => {
  const other = createServer();
  other.listen(0, '127.0.0.1');
  await once(other, 'listening');
  const { port } = z.object({ port: z.number() }).parse(other.address());

  await using broker = start({ DATA_DIR: dataDir, PORT: String(port) });

  expect(await broker.exited).toBe(1);
  expect(broker.output().trim().split('\n')).toEqual([expect.stringContaining(`Port ${port}`)]);
  other.close();
});

test('a database that cannot be reached is named in one line, and nothing is left running', async ({
  dataDir,
  expect,
}) => {
  await using broker = start({ DATA_DIR: dataDir, TURSO_DATABASE_URL: 'http://127.0.0.1:9' });

  expect(await broker.exited).toBe(1);
  expect(broker.output().trim().split('\n')).toEqual([
    expect.stringContaining('The database http://127.0.0.1:9 cannot be used'),
  ]);
});
