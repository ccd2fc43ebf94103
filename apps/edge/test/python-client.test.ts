// The client that the contract's seed brings, unmodified but for its base URL, as a process of its own.
import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import type { TestHost } from './support/host.ts';
import { createHostTest } from './support/host-test.ts';
import { joinNetwork } from './support/nodes.ts';
import { startProcess } from './support/processes.ts';
import { findPython } from './support/python.ts';

const test = createHostTest({ NODE_REGISTRATION: 'open' });

const CELLS = fileURLToPath(new URL('fixtures/openred/client_cells.py', import.meta.url));
const RUNNER = fileURLToPath(new URL('fixtures/openred/run_client.py', import.meta.url));
/** Of the code as it stands in the seed. */
const CELLS_SHA256 = 'd30c0bdaa40fe171e9f3a9ecc8c260b00ac40157761e7def063a98a20f4be278';
/** How long its main() runs; `npm run prove` gives it 30 s. It looks for messages every 5 s: two looks, for a busy machine. */
const MAIN_SECONDS = Number(process.env['EPHEMERA_PYTHON_SECONDS'] ?? 12);
const MAIN_TIMEOUT_MS = MAIN_SECONDS * 1_000 + 60_000;

type Step = Record<string, unknown> & { step: string };

async function startClient(host: TestHost, mode: 'calls' | 'main') {
  // It writes its log to where it is started.
  const folder = await mkdtemp(join(tmpdir(), 'ephemera-python-'));
  const running = startProcess({
    command: findPython(),
    args: ['-u', RUNNER, mode, host.url, String(MAIN_SECONDS)],
    env: { PATH: process.env['PATH'], PYTHONUTF8: '1', PYTHONDONTWRITEBYTECODE: '1' },
    cwd: folder,
  });
  return {
    ...running,
    steps: (): Step[] =>
      running
        .output()
        .split('\n')
        .filter((line) => line.startsWith('{"step"'))
        .map((line) => JSON.parse(line)),
    [Symbol.asyncDispose]: async () => {
      await running[Symbol.asyncDispose]();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

test('the client is the one of the seed', async ({ expect }) => {
  const digest = createHash('sha256')
    .update(await readFile(CELLS))
    .digest('hex');
  expect(digest).toBe(CELLS_SHA256);
});

test("every call of the seed's client", async ({ host, expect }) => {
  const sender = await joinNetwork(host, 'node-002');
  await joinNetwork(host, 'node-003');
  await using client = await startClient(host, 'calls');
  await client.waitFor(/"step": "registered"/);
  const content = { action: 'sync_request' };
  const sent = await sender.send('POST', '/api/v1/messages/send', {
    from_node: 'node-002',
    to_nodes: ['node-001'],
    message_type: 'data_sync',
    content,
  });
  expect(sent.status).toBe(200);

  expect(await client.exited, client.output()).toBe(0);
  expect(client.steps()).toEqual([
    { step: 'registered', node_id: 'node-001', created_at: expect.any(String) },
    { step: 'authenticated', token_type: 'Bearer', expired: false },
    { step: 'refreshed', ok: true, rotated: true },
    { step: 'discovered', nodes: ['node-001', 'node-002', 'node-003'] },
    {
      step: 'updated',
      status: 'active',
      load: 0.65,
      metadata: { region: 'eu-west-1', version: '2.0.1', uptime: '72h', connections: 150 },
    },
    { step: 'sent', accepted: ['node-002', 'node-003'], rejected: [] },
    { step: 'received', messages: [['node-002', 'data_sync', content]] },
    { step: 'read', left: 0 },
    { step: 'metrics', lines: expect.toSatisfy((lines: number) => lines > 10) },
    {
      step: 'health',
      status: expect.stringMatching(/^(ok|degraded)$/),
      uptime: expect.any(Number),
      version: expect.any(String),
      checks: expect.any(Object),
    },
  ]);
  expect(client.output()).toContain('Heartbeat envoyé pour node-001');
  const pending = await sender.send('GET', '/api/v1/messages/pending/node-002');
  expect(await pending.json()).toMatchObject({
    messages: [{ from_node: 'node-001', message_type: 'data_sync', priority: 'high' }],
  });
});

test("the seed's own main()", { timeout: MAIN_TIMEOUT_MS }, async ({ host, expect }) => {
  const peer = await joinNetwork(host, 'peer-of-main');
  await using client = await startClient(host, 'main');
  await client.waitFor(/Nœud opérationnel/);
  for (const type of ['data_sync', 'command']) {
    const sent = await peer.send('POST', '/api/v1/messages/send', {
      from_node: 'peer-of-main',
      to_nodes: ['example-node-001'],
      message_type: type,
      content: { of: type },
    });
    expect(sent.status).toBe(200);
  }

  expect(await client.exited, client.output()).toBe(0);
  expect(client.steps()).toEqual([
    { step: 'handled', type: 'data_sync', content: { of: 'data_sync' } },
    { step: 'handled', type: 'command', content: { of: 'command' } },
    { step: 'main_ran', seconds: MAIN_SECONDS },
  ]);
  const output = client.output();
  expect(output.match(/Message \S+ marqué comme lu/g)).toHaveLength(2);
  expect(output).toContain('Heartbeat envoyé pour example-node-001');
  expect(output).not.toMatch(/Erreur|Échec/);
  const seen = await peer.send('GET', '/api/v1/nodes/example-node-001');
  expect(await seen.json()).toMatchObject({ status: 'healthy', metadata: {} });
  const unread = await host.readRows(
    "select count(*) as count from deliveries where to_node = 'example-node-001' and read_at is null",
  );
  expect(unread).toEqual([{ count: 0 }]);
});
