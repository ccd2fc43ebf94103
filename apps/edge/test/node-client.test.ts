// The typed client of `packages/service-client` against a real host.
import {
  createKeyClient,
  createNodeClient,
  importNodeKeys,
  type NodeMessage,
} from '@ephemera/service-client';

import { createHostTest } from './support/host-test.ts';
import { STORED_KEYS } from './support/host.ts';
import { connectClient } from './support/node-client.ts';
import { connectOperator } from './support/trpc.ts';

const test = createHostTest({ NODE_REGISTRATION: 'open', NODE_HEARTBEAT_SECONDS: '1' });

/** Resolves with the first so many messages that a handler was given. */
function collect(count: number) {
  const { promise, resolve } = Promise.withResolvers<readonly NodeMessage[]>();
  const messages: NodeMessage[] = [];
  const handler = (message: NodeMessage): void => {
    messages.push(message);
    if (messages.length === count) resolve(messages);
  };
  return { promise, handler };
}

test('a node registers and signs in with one call, is found, tells how it is, and beats', async ({
  host,
  expect,
}) => {
  const { client, lines } = await connectClient(host, 'client-1');
  await using _closed = client;
  const found: string[] = [];
  for await (const node of client.findNodes({ type: 'compute', capabilities: ['processing'] })) {
    found.push(node.id);
  }
  expect(found).toContain('client-1');
  const changed = await client.update({
    status: 'active',
    load: 0.65,
    availableResources: { cpu: 75 },
    metadata: { region: 'eu-west-2' },
  });
  expect(changed).toMatchObject({ id: 'client-1', status: 'active', load: 0.65 });
  const beats = client.startHeartbeat({ read: () => ({ status: 'healthy', metrics: { cpu_usage: 45.2 } }) });
  await expect.poll(async () => (await client.getNode('client-1')).status).toBe('healthy');
  // The broker knows of it before the node has its answer.
  await expect.poll(() => lines.map(({ event }) => event)).toContain('heartbeat.sent');
  await beats.stop();
  expect(await client.listNodes({ region: 'eu-west-2' })).toMatchObject({ nodes: [{ id: 'client-1' }] });
  expect(lines.map(({ event }) => event)).toEqual(
    expect.arrayContaining(['node.signed_in', 'node.connected']),
  );
});

test('a stored key is the same node again; another key is refused as a conflict', async ({
  host,
  expect,
}) => {
  const first = await connectClient(host, 'client-again');
  await first.client.close();
  const keys = await importNodeKeys(first.privateKeyPem);
  const { client: second } = await connectClient(host, 'client-again', { keys });
  await using _closed = second;
  expect(await second.getNode('client-again')).toMatchObject({ id: 'client-again' });
  await expect(connectClient(host, 'client-again')).rejects.toMatchObject({
    name: 'NodeClientError',
    code: 'conflict',
    status: 409,
  });
});

for (const transport of ['poll', 'stream'] as const) {
  test(`messages come to the handler of their type by ${transport}, sealed and signed ones opened, and are read after`, async ({
    host,
    expect,
  }) => {
    const { client: sender } = await connectClient(host, `sender-${transport}`);
    const { client: reader } = await connectClient(host, `reader-${transport}`);
    await using _sender = sender;
    await using _reader = reader;
    const commands = collect(3);
    const rest = collect(1);
    const loop = reader.listen({ transport, handlers: { command: commands.handler, '*': rest.handler } });
    const to = `reader-${transport}`;
    const plain = await sender.send({ to, type: 'command', content: { run: 'plain' } });
    expect(plain).toMatchObject({ accepted: [to], rejected: [] });
    await sender.send({ to, type: 'command', content: { run: 'sealed' }, encrypt: true, sign: true });
    const both = await sender.send({ to: [to, 'nobody'], type: 'command', content: ['signed'], sign: true });
    expect(both).toMatchObject({ accepted: [to], rejected: [{ nodeId: 'nobody', reason: 'unknown_node' }] });
    await sender.send({ to, type: 'data_sync', content: null });

    const facts = (await commands.promise).map(({ content, isEncrypted, isSigned, fromNode }) => ({
      content,
      isEncrypted,
      isSigned,
      fromNode,
    }));
    const fromNode = `sender-${transport}`;
    expect(facts).toEqual([
      { content: { run: 'plain' }, isEncrypted: false, isSigned: false, fromNode },
      { content: { run: 'sealed' }, isEncrypted: true, isSigned: true, fromNode },
      { content: ['signed'], isEncrypted: false, isSigned: true, fromNode },
    ]);
    expect((await rest.promise)[0]).toMatchObject({ messageType: 'data_sync', content: null });
    await expect.poll(() => reader.listPending()).toEqual([]);
    await loop.stop();
    await loop.done;
  });
}

test('the broker stores a sealed message as it is and cannot read it', async ({ host, expect }) => {
  const { client: sender } = await connectClient(host, 'sealer');
  const { client: reader } = await connectClient(host, 'sealed');
  await using _sender = sender;
  await using _reader = reader;
  const content = { secret: 'CANARY-of-a-sealed-message' };
  await sender.send({ to: 'sealed', type: 'command', content, encrypt: true });
  const rows = await host.readRows("select content from messages where from_node = 'sealer'");
  expect(JSON.stringify(rows)).not.toContain('CANARY');
  const [message] = await reader.listPending();
  if (message === undefined) throw new Error('no message');
  expect(await reader.openMessage(message)).toMatchObject({ ok: true, message: { content } });
  expect(host.logs()).not.toContain('CANARY-of-a-sealed');
});

test('a copy of a signed message under another id, by whoever sends it, is refused and said so', async ({
  host,
  expect,
}) => {
  const { client: sender } = await connectClient(host, 'copied');
  const { client: thief } = await connectClient(host, 'thief');
  const { client: reader } = await connectClient(host, 'copy-reader');
  await using _sender = sender;
  await using _thief = thief;
  await using _reader = reader;
  await sender.send({ to: 'copy-reader', type: 'command', content: 'pay 5', sign: true });
  const [original] = await reader.listPending();
  await sender.send({ to: 'copy-reader', type: 'command', content: original?.content });
  await thief.send({ to: 'copy-reader', type: 'command', content: original?.content });
  await thief.send({ to: 'copy-reader', type: 'command', content: 'unsigned' });
  const taken = collect(1);
  const rejected: string[] = [];
  const loop = reader.listen({
    handlers: { command: taken.handler },
    requireSignature: true,
    onRejected: ({ reason }) => rejected.push(reason),
  });
  expect((await taken.promise)[0]).toMatchObject({ content: 'pay 5', isSigned: true });
  await expect.poll(() => rejected).toEqual(['replayed', 'wrong_sender', 'unsigned']);
  await expect.poll(() => reader.listPending()).toEqual([]);
  await loop.stop();
});

test('a handler answers, and a message that failed comes again', async ({ host, expect }) => {
  const { client: asker } = await connectClient(host, 'asker');
  const { client: worker } = await connectClient(host, 'answerer', { random: () => 0 });
  await using _asker = asker;
  await using _worker = worker;
  const answers = collect(1);
  asker.listen({ handlers: { 'command.reply': answers.handler } });
  const attempts: number[] = [];
  worker.listen({
    handlers: {
      command: async (message, { attempt, reply }) => {
        attempts.push(attempt);
        await reply({ echo: message.content });
        if (attempt === 1) throw new Error('after the answer');
      },
    },
  });
  const { messageId } = await asker.send({
    to: 'answerer',
    type: 'command',
    content: 42,
    metadata: { correlation_id: 'c-1' },
    sign: true,
    encrypt: true,
  });
  expect((await answers.promise)[0]).toMatchObject({
    fromNode: 'answerer',
    content: { echo: 42 },
    metadata: { in_reply_to: messageId, correlation_id: 'c-1' },
    isSigned: true,
    isEncrypted: true,
  });
  await expect.poll(() => attempts).toEqual([1, 2]);
  await expect.poll(() => worker.listPending()).toEqual([]);
  expect(await asker.listPending()).toEqual([]);
});

test('a token that is about to expire is renewed by one request, however many ask', async ({
  host,
  expect,
}) => {
  let now = 0;
  const { client, lines } = await connectClient(host, 'renewer', {
    clock: {
      now: () => Date.now() + now,
      startTimer: (ms, callback) => {
        const timer = setTimeout(callback, ms);
        return () => clearTimeout(timer);
      },
    },
  });
  await using _closed = client;
  const first = await client.getAccessToken();
  now = 595_000;
  expect(await Promise.all(Array.from({ length: 20 }, () => client.getAccessToken()))).not.toContain(first);
  expect(lines.filter(({ event }) => event === 'node.token_refreshed')).toHaveLength(1);
});

test("with its own token a node that may fetches the pool's keys", async ({ host, expect }) => {
  const operator = await connectOperator(host);
  await operator.keys.add.mutate({ provider: 'openai', name: 'For nodes', key: STORED_KEYS[0] });
  const { secret } = await operator.nodes.createRegistrationToken.mutate({
    scopes: ['nodes:read', 'nodes:write-own', 'keys:read-for-service'],
    note: 'Of a test',
  });
  const { client } = await connectClient(host, 'key-reader', { registrationToken: secret });
  await using _closed = client;
  await using keys = createKeyClient({ baseUrl: host.url, secret: () => client.getAccessToken() });
  expect(await keys.getApiKey('openai')).toMatchObject({ provider: 'openai', key: STORED_KEYS[0] });
});

test('a revoked node is told so: its loops end, and it cannot come back', async ({ host, expect }) => {
  const { client } = await connectClient(host, 'revoked');
  await using _closed = client;
  const operator = await connectOperator(host);
  await operator.nodes.revoke.mutate({ id: 'revoked', confirmName: 'Node revoked' });
  const beats = client.startHeartbeat({ intervalMs: 50 });
  await expect(beats.done).rejects.toMatchObject({ code: 'unauthorized' });
  await expect(client.connect()).rejects.toMatchObject({ code: 'forbidden' });
});

test('health and metrics, whatever the broker says of itself', async ({ host, expect }) => {
  const { client } = await connectClient(host, 'monitor');
  await using _closed = client;
  expect(await client.getHealth()).toMatchObject({ status: expect.stringMatching(/^(ok|degraded)$/) });
  expect(await client.getMetrics()).toContain('# TYPE ');
  expect(await client.getMetrics('openmetrics')).toMatch(/# EOF\n$/);
});

test('a client that is closed, or was never let in, says so', async ({ host, expect }) => {
  const { client, privateKeyPem } = await connectClient(host, 'closes');
  await client.close();
  await expect(client.listNodes()).rejects.toMatchObject({ code: 'closed' });
  expect(() => client.listen({ handlers: {} })).toThrow('closed');
  const keys = await importNodeKeys(privateKeyPem);
  const node = { id: 'never-registered', name: 'x', type: 'x', endpoint: 'https://x.example.test' };
  await using stranger = createNodeClient({ baseUrl: host.url, node, keys });
  await expect(stranger.listNodes()).rejects.toMatchObject({ code: 'unauthorized', status: 401 });
});
