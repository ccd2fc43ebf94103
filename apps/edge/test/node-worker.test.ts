// `examples/node-worker` as a process of its own, asked by another node.
import { importNodeKeys, type NodeMessage } from '@ephemera/service-client';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { createHostTest } from './support/host-test.ts';
import { STORED_KEYS, type TestHost } from './support/host.ts';
import { connectClient } from './support/node-client.ts';
import { startProcess } from './support/processes.ts';
import { connectOperator } from './support/trpc.ts';

const WORKER = fileURLToPath(new URL('../../../examples/node-worker/src/main.ts', import.meta.url));

const test = createHostTest({ NODE_REGISTRATION: 'token' }).extend<{ folder: string }>({
  // oxlint-disable-next-line no-empty-pattern -- because vitest reads the fixtures a fixture needs from its pattern
  folder: async ({}, use) => {
    const folder = await mkdtemp(join(tmpdir(), 'ephemera-worker-'));
    await use(folder);
    await rm(folder, { recursive: true, force: true });
  },
});

async function startWorker(host: TestHost, folder: string, more: Record<string, string> = {}) {
  const worker = startProcess({
    command: process.execPath,
    args: [WORKER],
    env: { BROKER_URL: host.url, NODE_ID: 'worker', NODE_KEY_FILE: join(folder, 'node.pem'), ...more },
  });
  await worker.waitFor(/messages\.stream_opened/);
  return worker;
}

test('it registers, beats, answers and fetches a key as itself, and is the same node when started again', async ({
  host,
  folder,
  expect,
}) => {
  const operator = await connectOperator(host);
  await operator.keys.add.mutate({ provider: 'openai', name: 'For workers', key: STORED_KEYS[0] });
  const makeToken = async (more: readonly 'keys:read-for-service'[] = []) => {
    const scopes = ['nodes:read', 'nodes:write-own', 'messages:send', 'messages:read-own', ...more] as const;
    return (await operator.nodes.createRegistrationToken.mutate({ scopes: [...scopes], note: 'x' })).secret;
  };
  const { client } = await connectClient(host, 'asker', { registrationToken: await makeToken() });
  await using _asker = client;
  const answers: NodeMessage[] = [];
  client.listen({ handlers: { 'command.reply': (message) => void answers.push(message) } });
  const ask = async (content: unknown): Promise<NodeMessage> => {
    const sent = await client.send({ to: 'worker', type: 'command', content, encrypt: true, sign: true });
    await expect
      .poll(() => answers.at(-1)?.metadata['in_reply_to'], { timeout: 10_000 })
      .toBe(sent.messageId);
    const answer = answers.at(-1);
    if (answer === undefined) throw new Error('no answer');
    return answer;
  };

  const worker = await startWorker(host, folder, {
    REGISTRATION_TOKEN: await makeToken(['keys:read-for-service']),
  });
  expect(await ask({ run: 'ping' })).toMatchObject({
    fromNode: 'worker',
    content: { ok: true, result: { pong: true } },
    isEncrypted: true,
    isSigned: true,
  });
  expect((await ask({ run: 'check-key', provider: 'openai' })).content).toEqual({
    ok: true,
    result: { keyId: expect.any(String), name: 'For workers', characters: STORED_KEYS[0].length },
  });
  expect((await ask({ run: 'check-key', provider: 'gemini' })).content).toEqual({
    ok: false,
    error: 'no_key',
  });
  expect((await ask('nonsense')).content).toEqual({ ok: false, error: 'unknown_command' });
  await expect.poll(async () => (await client.getNode('worker')).status).toBe('healthy');

  // A running process that is told to end does so in order.
  worker.child.kill('SIGTERM');
  expect(await worker.exited).toBe(0);
  expect(worker.output()).toContain('node.closed');
  expect(worker.output()).not.toMatch(/CANARY|BEGIN|Bearer/);

  const file = join(folder, 'node.pem');
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  const { publicKeyPem } = await importNodeKeys(await readFile(file, 'utf8'));
  expect((await client.getNode('worker')).publicKey.trim()).toBe(publicKeyPem.trim());

  // Its registration token is used up: now the key alone says who it is.
  await using again = await startWorker(host, folder);
  expect((await ask({ run: 'load' })).content).toMatchObject({
    ok: true,
    result: { load: expect.any(Number) },
  });
  expect(again.output()).toContain('node.connected');
});
