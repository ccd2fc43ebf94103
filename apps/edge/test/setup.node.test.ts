import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { test as base } from 'vitest';

import { HOST_ENVIRONMENT, startProcess } from './support/processes.ts';

const ENTRY = fileURLToPath(new URL('../src/node.ts', import.meta.url));
const READY = /Ephemera is ready at (http:[^;]+);[\s\S]*\n/;
const TOLD = /this token, which is good until the next start:\n([\w-]{43})\n/;
const TOKEN = 'bootstrap-token-of-the-tests-0123456789abcdef';
const PASSWORD = 'a password of the tests';

const test = base.extend<{ folder: string }>({
  // oxlint-disable-next-line no-empty-pattern -- because vitest reads the fixtures a fixture needs from its pattern
  folder: async ({}, use) => {
    const folder = await mkdtemp(join(tmpdir(), 'ephemera-setup-'));
    await use(folder);
    await rm(folder, { recursive: true, force: true });
  },
});

/** A deployment of its own on loopback: own secrets, nobody in the database. */
async function start(folder: string, env: Record<string, string> = {}) {
  const running = startProcess({
    command: process.execPath,
    args: [ENTRY],
    env: {
      ...HOST_ENVIRONMENT,
      HOME: '/nonexistent',
      PORT: '0',
      DATA_DIR: folder,
      OPENAI_API_KEY: 'sk-not-a-real-key',
      AUTH_SECRET: 'auth-secret-of-the-tests-0123456789abcdef',
      SAFETY_IDENTIFIER_SECRET: 'safety-secret-of-the-tests-0123456789abc',
      ...env,
    },
  });
  const output = await running.waitFor(READY);
  return { running, output, url: READY.exec(output)?.[1] ?? '' };
}

async function setUp(url: string, token: string, email = 'olga@members.test'): Promise<number> {
  const response = await fetch(`${url}/api/setup`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ token, name: 'Olga', email, password: PASSWORD }),
  });
  await response.arrayBuffer();
  return response.status;
}

test('without a token of its own a deployment tells one at the start, once, and none when it has an owner', async ({
  folder,
  expect,
}) => {
  {
    const { running, output, url } = await start(folder);
    await using _ = running;
    const told = await running.waitFor(TOLD);
    const token = TOLD.exec(told)?.[1] ?? '';
    expect(output.split('\n').filter((line) => line.startsWith('{') && line.includes(token))).toEqual([]);
    expect(await setUp(url, TOKEN)).toBe(401);
    expect(await setUp(url, token)).toBe(201);
    expect(await setUp(url, token, 'second@members.test')).toBe(409);
  }
  const { running, output, url } = await start(folder);
  await using _ = running;
  expect(output).not.toMatch(TOLD);
  expect(await (await fetch(`${url}/api/setup`)).json()).toEqual({ isDone: true });
});

test('security 61: two processes on one database make one owner between them', async ({ folder, expect }) => {
  const first = await start(folder, { ADMIN_BOOTSTRAP_TOKEN: TOKEN });
  await using _ = first.running;
  const second = await start(folder, { ADMIN_BOOTSTRAP_TOKEN: TOKEN });
  await using __ = second.running;
  expect(first.output + second.output).not.toContain(TOKEN);
  const statuses = await Promise.all(
    Array.from({ length: 20 }, (_it, index) =>
      setUp(index % 2 === 0 ? first.url : second.url, TOKEN, `olga${index}@members.test`),
    ),
  );
  expect(statuses.filter((status) => status === 201)).toHaveLength(1);
  expect(new Set(statuses)).toEqual(new Set([201, 409]));
});
