import { spawnSync } from 'node:child_process';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';

import { sessionIdFloor } from '@ephemera/api';
import { createNodeDatabase } from '@ephemera/db/node';
import * as z from 'zod';

import { start, test } from './support/node-start.ts';

const demoSchema = z.strictObject({
  url: z.url(),
  simulatorUrl: z.url().nullable(),
  operator: z.strictObject({ email: z.string(), password: z.string() }),
  userToken: z.string().startsWith('eyJ'),
  accessKey: z.string().startsWith('eph_test_'),
  internalApiSecret: z.string().min(32),
  metricsToken: z.string().min(32).nullable(),
});

async function readDemo(dataDir: string) {
  return demoSchema.parse(JSON.parse(await readFile(join(dataDir, 'demo.json'), 'utf8')));
}

test('a first start makes a demo that works: page, token by the printed line, operator', async ({
  dataDir,
  expect,
}) => {
  await using broker = start({ DATA_DIR: dataDir });
  const banner = await broker.waitFor(/Stop with Ctrl-C/);
  const demo = await readDemo(dataDir);

  expect((await stat(join(dataDir, 'demo.json'))).mode & 0o777).toBe(0o600);
  expect(banner).toContain(demo.url);
  expect(banner).toContain(`${demo.operator.email}  ${demo.operator.password}`);
  expect(banner).toContain('simulator');
  const line = /^\s+(curl .*)$/m.exec(banner)?.[1] ?? '';
  const curl = spawnSync('sh', ['-c', line], { encoding: 'utf8' });
  expect(curl.status).toBe(0);
  expect(JSON.parse(curl.stdout)).toMatchObject({ value: expect.stringMatching(/^ek_/) });
  const claims: unknown = JSON.parse(Buffer.from(demo.userToken.split('.')[1] ?? '', 'base64url').toString());
  const { exp } = z.object({ exp: z.number() }).parse(claims);
  expect(exp - Date.now() / 1_000).toBeGreaterThan(12 * 3_600);
  const listed = await fetch(`${demo.url}/trpc/sessions.list?input=${encodeURIComponent('{"limit":100}')}`, {
    headers: { authorization: `Bearer ${demo.userToken}` },
  });
  const sessions = z
    .object({ result: z.object({ data: z.object({ items: z.array(z.object({ isDemo: z.boolean() })) }) }) })
    .parse(await listed.json()).result.data.items;
  expect(sessions.filter(({ isDemo }) => isDemo)).toHaveLength(12);
  expect(sessions.filter(({ isDemo }) => !isDemo)).toHaveLength(1);
  expect(banner).toContain(demo.accessKey);
  const byKey = await fetch(`${demo.url}/v1/realtime/client_secrets`, {
    method: 'POST',
    headers: { authorization: `Bearer ${demo.accessKey}` },
  });
  expect(byKey.status).toBe(200);
  const byGuest = await fetch(`${demo.url}/api/realtime/token`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      sessionConfig: { model: 'gpt-4o-realtime-preview', voice: 'alloy', instructions: 'Hello.' },
    }),
  });
  expect(await byGuest.json()).toMatchObject({ success: true, config: { model: 'gpt-realtime-2.1' } });
});

test('the demo has keys with a past, marked as demo data; services fetch them, mints use them', async ({
  dataDir,
  expect,
}) => {
  for (let starts = 0; starts < 2; starts += 1) {
    await using broker = start({ DATA_DIR: dataDir });
    await broker.waitFor(/Stop with Ctrl-C/);
    const demo = await readDemo(dataDir);
    const read = async () => {
      const response = await fetch(`${demo.url}/api/internal/api-keys`, {
        headers: { authorization: `Bearer ${demo.internalApiSecret}` },
      });
      return z
        .array(z.object({ id: z.string(), provider: z.string(), usageCount: z.int() }))
        .parse(await response.json());
    };
    const before = await read();
    const minted = await fetch(`${demo.url}/v1/realtime/client_secrets`, {
      method: 'POST',
      headers: { authorization: `Bearer ${demo.userToken}`, 'content-type': 'application/json' },
      body: '{}',
    });

    expect(minted.status).toBe(200);
    expect(before.map(({ provider }) => provider).toSorted()).toEqual([
      'gemini',
      'openai',
      'openai',
      'openai',
    ]);
    expect(before.every(({ usageCount }) => usageCount > 10)).toBe(true);
    const sum = (keys: typeof before) => keys.reduce((total, { usageCount }) => total + usageCount, 0);
    expect(sum(await read())).toBe(sum(before) + 1);
  }
});

test("the demo's past stands in the log of its day, and its user among the users", async ({
  dataDir,
  expect,
}) => {
  {
    await using broker = start({ DATA_DIR: dataDir });
    await broker.waitFor(/Stop with Ctrl-C/);
  }
  const database = await createNodeDatabase({ url: `file:${join(dataDir, 'ephemera.db')}` });

  const [user] = await database.read(
    `select name, session_count, spent_micro_usd from allowances
      where kind = 'user' and subject = (select max(user_id) from sessions)`,
  );
  const byTime = await database.read('select id from sessions order by issued_at');
  const byId = await database.read('select id from sessions order by id');
  const [newest] = await database.read('select id, issued_at from sessions order by id desc limit 1');
  await database.close();

  expect(user).toEqual({ name: 'Demo user', session_count: 12, spent_micro_usd: 0 });
  expect(byId).toEqual(byTime);
  expect(newest?.['id']).toMatch(
    new RegExp(`^${sessionIdFloor(Number(newest?.['issued_at'])).slice(0, 14)}`),
  );
});

test('a real key takes the place of the demo keys, which a real provider would reject', async ({
  dataDir,
  expect,
}) => {
  {
    await using first = start({ DATA_DIR: dataDir });
    await first.waitFor(/Stop with Ctrl-C/);
  }
  await using broker = start({ DATA_DIR: dataDir, OPENAI_API_KEY: 'sk-not-a-real-key' });
  await broker.waitFor(/Stop with Ctrl-C/);
  const demo = await readDemo(dataDir);

  const response = await fetch(`${demo.url}/api/internal/api-keys`, {
    headers: { authorization: `Bearer ${demo.internalApiSecret}` },
  });

  expect(await response.json()).toMatchObject([{ name: 'OPENAI_API_KEY', key: 'sk-not-a-real-key' }]);
});

for (const { name, env, reason } of [
  {
    name: 'a short internal secret',
    env: { INTERNAL_API_SECRET: 'only-thirty-one-characters-here' },
    reason: /^ +INTERNAL_API_SECRET: should be at least 32 random characters/m,
  },
  {
    name: 'a short one among named secrets',
    env: { INTERNAL_API_SECRETS: `old:${'o'.repeat(32)},new:short` },
    reason: /^ +INTERNAL_API_SECRETS: the secret named "new" should be at least 32 characters/m,
  },
  {
    name: 'a key-encryption key of 16 bytes',
    env: { KEYRING: `1:${Buffer.alloc(16, 1).toString('base64')}` },
    reason: /^ +KEYRING: the key of version 1 has 16 bytes, not 32/m,
  },
]) {
  test(`${name} refuses the start, and says why`, async ({ dataDir, expect }) => {
    await using broker = start({ DATA_DIR: dataDir, ...env });

    expect(await broker.exited).toBe(1);
    expect(broker.output()).toMatch(reason);
    expect(broker.output()).not.toMatch(/thirty-one|:short|    at /);
  });
}

test('a second start finds what the first one made', async ({ dataDir, expect }) => {
  {
    await using first = start({ DATA_DIR: dataDir });
    await first.waitFor(/Stop with Ctrl-C/);
  }
  const before = await readDemo(dataDir);
  await using second = start({ DATA_DIR: dataDir });
  await second.waitFor(/Stop with Ctrl-C/);
  const demo = await readDemo(dataDir);

  const response = await fetch(`${demo.url}/trpc/me.get`, {
    headers: { authorization: `Bearer ${before.userToken}` },
  });
  expect(response.status).toBe(200);
});

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  test(`${signal} lets a request under way finish and ends with 0, the simulator included`, async ({
    dataDir,
    expect,
  }) => {
    await using broker = start({ DATA_DIR: dataDir });
    await broker.waitFor(/Stop with Ctrl-C/);
    const demo = await readDemo(dataDir);
    await fetch(`${demo.simulatorUrl ?? ''}/_simulator/faults`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        match: { path: '/v1/realtime/client_secrets' },
        action: { kind: 'delay', ms: 700 },
      }),
    });
    const minting = fetch(`${demo.url}/v1/realtime/client_secrets`, {
      method: 'POST',
      headers: { authorization: `Bearer ${demo.userToken}`, 'content-type': 'application/json' },
      body: '{}',
    });
    await waitForRequest(demo.simulatorUrl ?? '');

    broker.child.kill(signal);

    expect((await minting).status).toBe(200);
    expect(await broker.exited).toBe(0);
    await expect(fetch(`${demo.url}/healthz`)).rejects.toThrow();
    await expect(fetch(`${demo.simulatorUrl ?? ''}/healthz`)).rejects.toThrow();
  });
}

/** Until the mint has reached the simulator. */
async function waitForRequest(simulatorUrl: string): Promise<void> {
  for (let isThere = false; !isThere;) {
    const text = await (await fetch(`${simulatorUrl}/_simulator/requests`)).text();
    isThere = text.includes('client_secrets');
  }
}

test('a real key is used for OpenAI, and the banner says that it costs money', async ({
  dataDir,
  expect,
}) => {
  await using broker = start({ DATA_DIR: dataDir, OPENAI_API_KEY: 'sk-not-a-real-key' });
  const banner = await broker.waitFor(/Stop with Ctrl-C/);

  expect(banner).toContain('OpenAI at https://api.openai.com/v1');
  expect(banner).toContain('cost money');
  const { url, simulatorUrl, accessKey } = await readDemo(dataDir);
  expect(simulatorUrl).toBeNull();
  // What would cost money is refused to a test key and to guests, whom the demo serves otherwise.
  const post = (path: string, headers: Record<string, string>, body?: string) =>
    fetch(`${url}${path}`, { method: 'POST', headers, ...(body === undefined ? {} : { body }) });
  const byTestKey = await post('/v1/realtime/client_secrets', { authorization: `Bearer ${accessKey}` });
  expect(byTestKey.status).toBe(403);
  expect(await byTestKey.text()).toContain('test key');
  const sessionConfig = { model: 'gpt-realtime-2.1', voice: 'marin', instructions: 'Hello.' };
  const json = { 'content-type': 'application/json' };
  const byGuest = await post('/api/realtime/token', json, JSON.stringify({ sessionConfig }));
  expect(byGuest.status).toBe(401);
});

test('own secrets end the demo: the operator named by the environment signs in, no demo account exists', async ({
  dataDir,
  expect,
}) => {
  await using broker = start({
    DATA_DIR: dataDir,
    AUTH_SECRET: 'a'.repeat(40),
    SAFETY_IDENTIFIER_SECRET: 'b'.repeat(40),
    OPERATOR_EMAIL: 'boss@example.com',
    OPERATOR_PASSWORD: 'a long enough password',
  });
  const line = await broker.waitFor(/Ephemera is ready at/);
  const url = /http:\/\/[\d.:]+/.exec(line)?.[0] ?? '';
  const signIn = (email: string, password: string) =>
    fetch(`${url}/api/auth/sign-in/email`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ email, password }),
    });

  expect((await signIn('boss@example.com', 'a long enough password')).status).toBe(200);
  expect((await signIn('operator@demo.local', 'ephemera-demo-operator')).status).toBe(401);
  await expect(stat(join(dataDir, 'demo.json'))).rejects.toThrow('ENOENT');
});
