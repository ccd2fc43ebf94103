import { createKeyClient, KeyClientError } from '@ephemera/service-client';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { test as base } from 'vitest';

import { KEY } from './support/fake-broker.ts';
import { startRealHost } from './support/real-host.ts';
import { runProcess } from './support/run-process.ts';

type Host = Awaited<ReturnType<typeof startRealHost>>;

const test = base.extend<{ host: Host }>({
  host: [
    // oxlint-disable-next-line no-empty-pattern -- because vitest reads the fixtures a fixture needs from its pattern
    async ({}, use) => {
      await using host = await startRealHost();
      await use(host);
    },
    { scope: 'file' },
  ],
});

const NEXT_KEY = 'AIzaCANARY-the-next-one-0123456789';

function keys(host: Host, args: readonly string[], stdin = '') {
  const env = { DATA_DIR: host.folder, INIT_CWD: host.folder };
  return runProcess({ args, env, beforeInput: () => stdin });
}

async function find(host: Host, name: string) {
  const { stdout } = await keys(host, ['list', '--json']);
  const {
    items,
  }: {
    items: {
      id: string;
      name: string;
      state: string;
      usageCount: number;
      errorCount: number;
      lastError: string | null;
    }[];
  } = JSON.parse(stdout);
  return items.filter((item) => item.name === name);
}

test('a key lives its whole life from the command line', { timeout: 60_000 }, async ({ host, expect }) => {
  const seen: string[] = [];
  const run = async (args: readonly string[], stdin?: string) => {
    const outcome = await keys(host, args, stdin);
    seen.push(outcome.stdout, outcome.stderr);
    return outcome;
  };

  expect(await run(['add', '--provider', 'gemini', '--name', 'life'], KEY)).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^Added life \(gemini …6789, pkey_\w+\): active\.\n$/),
  });
  expect(await run(['add', '--provider', 'gemini', '--name', 'again'], KEY)).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('conflict'),
  });
  expect(await run(['disable', 'life', '--yes'])).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('disabled'),
  });
  expect(await run(['enable', 'life'])).toMatchObject({ code: 0, stdout: expect.stringContaining('active') });
  const rotated = await run(['rotate', 'life', '--overlap', '15m', '--name', 'life-2'], NEXT_KEY);
  expect(rotated).toMatchObject({ code: 0, stdout: expect.stringContaining('drains in 15 min') });
  expect(await run(['drain', 'life', '--yes', '--after', '0s'])).toMatchObject({ code: 0 });
  expect(await run(['usage', 'life-2', '--hours', '3'])).toMatchObject({ code: 0 });
  expect(await run(['rewrap'])).toMatchObject({ code: 0, stdout: expect.stringContaining('0 left') });
  expect(await run(['delete', 'life', '--yes'])).toMatchObject({ code: 0 });
  expect(await run(['delete', 'life-2', '--yes'])).toMatchObject({ code: 0 });
  expect(await run(['list'])).toMatchObject({ code: 0, stdout: expect.not.stringContaining('life') });

  for (const text of [...seen, host.output()]) {
    expect(text).not.toContain(KEY);
    expect(text).not.toContain(NEXT_KEY);
  }
});

test('a key of the demo is shown to the simulator and works', async ({ host, expect }) => {
  const outcome = await keys(host, ['test', 'Voice app, team A']);

  expect(outcome).toMatchObject({ code: 0, stdout: expect.stringMatching(/It works \(\d+ ms\)\.\n$/) });
});

test('env writes a healthy key of the running demo', async ({ host, expect }) => {
  const { code, stdout, stderr } = await keys(host, ['env', '--provider', 'gemini', '--file', '.env.local']);

  expect({ code, stdout }).toEqual({ code: 0, stdout: '' });
  const text = await readFile(join(host.folder, '.env.local'), 'utf8');
  expect(text).toMatch(/^GEMINI_API_KEY=AIza\S+\n$/);
  expect(stderr).not.toContain(text.slice('GEMINI_API_KEY='.length).trim());
  expect(await keys(host, ['env', '--provider', 'deepgram', '--print'])).toMatchObject({
    code: 5,
    stdout: '',
  });
});

test('the client fetches from the real route, and what it reports is counted once', async ({
  host,
  expect,
}) => {
  await keys(host, ['add', '--provider', 'anthropic', '--name', 'counted'], 'sk-ant-CANARY-0123456789abcdef');
  await using client = createKeyClient({ baseUrl: host.url, secret: host.internalApiSecret });

  expect(await client.withApiKey('anthropic', (key) => key.key)).toBe('sk-ant-CANARY-0123456789abcdef');
  const { id } = await client.getApiKey('anthropic');
  for (let copy = 0; copy < 3; copy += 1) {
    client.reportUsage({ keyId: id, success: false, error: 'http_500', idempotencyKey: 'the-same' });
    await client.flush();
  }
  client.reportUsage({ keyId: 'pkey_00000000000000000000000000', success: true });
  await client.flush();

  expect(client.stats()).toEqual({ queued: 0, delivered: 4, dropped: 1 });
  expect(await find(host, 'counted')).toMatchObject([
    { state: 'active', usageCount: 2, errorCount: 1, lastError: 'http_500' },
  ]);
});

test('a key that a service finds revoked is out of the pool with the report', async ({ host, expect }) => {
  for (const [name, key] of [
    ['spare-1', 'sk-CANARY-elevenlabs-aaaaaaaaaaaa'],
    ['spare-2', 'sk-CANARY-elevenlabs-bbbbbbbbbbbb'],
  ] as const) {
    await keys(host, ['add', '--provider', 'elevenlabs', '--name', name], key);
  }
  await using client = createKeyClient({
    baseUrl: host.url,
    secret: host.internalApiSecret,
    ttlMs: 0,
    staleMs: 0,
  });
  const used: string[] = [];

  const answer = await client.withApiKey('elevenlabs', ({ name }) => {
    used.push(name);
    return used.length === 1 ? new Response('{}', { status: 401 }) : new Response('spoken');
  });
  await client.flush();

  expect(await answer.text()).toBe('spoken');
  expect(new Set(used)).toEqual(new Set(['spare-1', 'spare-2']));
  expect(await find(host, used[0] ?? '')).toMatchObject([{ state: 'quarantined' }]);
  expect((await client.listKeys('elevenlabs')).map(({ name }) => name)).toEqual([used[1]]);
});

test('a secret that the real route does not know is an error that says so', async ({ host, expect }) => {
  await using client = createKeyClient({ baseUrl: host.url, secret: 'not-the-secret-0123456789-0123456789' });
  const error: unknown = await client.getApiKey('openai').catch((thrown: unknown) => thrown);

  expect(error).toBeInstanceOf(KeyClientError);
  expect(error).toMatchObject({ code: 'unauthorized', status: 401 });
});
