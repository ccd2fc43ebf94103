// Long polls and server-sent events: how soon they tell, how they go on, how they end.
import type { TestHost } from './support/host.ts';
import { createHostTest } from './support/host-test.ts';
import { listenTo } from './support/event-stream.ts';
import { contentsOf, markRead, readPending, sendMessage } from './support/messages.ts';
import { joinNetwork, reachHost, sendAs, type TestNode } from './support/nodes.ts';
import { connect, connectOperator } from './support/trpc.ts';

const test = createHostTest({ NODE_REGISTRATION: 'open', NODE_MESSAGES_PER_MINUTE: '100000' });

const SAMPLES = 15;
const WITHIN_MS = 100;

function medianOf(values: readonly number[]): number {
  return values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? Number.NaN;
}

/** Through another process, or another isolate, over the same database. */
function through(node: TestNode, url: string): TestNode {
  return { ...node, send: sendAs(reachHost(url), node.token) };
}

test('a stream tells what waits, the urgent first, and then whatever comes within 100 ms', async ({
  host,
  expect,
}) => {
  const node = await joinNetwork(host, 'live');
  await sendMessage(node, ['live'], { content: 'old', priority: 'low' });
  await sendMessage(node, ['live'], { content: 'urgent', priority: 'critical' });
  await using listener = await listenTo(host, node);
  expect((await listener.waitFor(2)).map(({ message }) => message.content)).toEqual(['urgent', 'old']);
  const delays: number[] = [];
  for (let at = 0; at < SAMPLES; at += 1) {
    const sentAtMs = performance.now();
    await sendMessage(node, ['live'], { content: at });
    const heard = await listener.waitFor(3 + at);
    expect(heard.at(-1)?.message.content).toBe(at);
    delays.push((heard.at(-1)?.atMs ?? Infinity) - sentAtMs);
  }
  // From the begin of the request that sends: its own time included.
  expect(medianOf(delays)).toBeLessThan(WITHIN_MS);
  expect(listener.heard).toHaveLength(2 + SAMPLES);
});

test('a long poll is answered as soon as there is a message, and by an empty list at its end', async ({
  host,
  expect,
}) => {
  const node = await joinNetwork(host, 'poll');
  const delays: number[] = [];
  for (let at = 0; at < SAMPLES; at += 1) {
    const polled = readPending(node, '?wait=20').then((messages) => ({ messages, atMs: performance.now() }));
    // So that it waits: what came before would be answered at once.
    await readPending(node);
    const sentAtMs = performance.now();
    const { message_id: id } = await sendMessage(node, ['poll'], { content: at });
    const { messages, atMs } = await polled;
    expect(messages.map(({ content }) => content)).toEqual([at]);
    delays.push(atMs - sentAtMs);
    await markRead(node, id);
  }
  expect(medianOf(delays)).toBeLessThan(WITHIN_MS);
  const startedMs = performance.now();
  expect(await readPending(node, '?wait=0.5')).toEqual([]);
  expect(performance.now() - startedMs).toBeGreaterThan(450);
});

test('what another process sends is told within half a second, to streams and to polls', async ({
  host,
  expect,
}) => {
  const node = await joinNetwork(host, 'across');
  const other = await host.launchAnother();
  const far = through(node, other.url);
  await using listener = await listenTo(host, node);
  const delays: number[] = [];
  for (let at = 0; at < 5; at += 1) {
    const polled = readPending(node, '?wait=20').then(() => performance.now());
    await readPending(node);
    const sentAtMs = performance.now();
    const { message_id: id } = await sendMessage(far, ['across'], { content: at });
    const heard = await listener.waitFor(at + 1);
    delays.push((await polled) - sentAtMs, (heard.at(-1)?.atMs ?? Infinity) - sentAtMs);
    await markRead(far, id);
  }
  expect(Math.max(...delays)).toBeLessThan(3_000);
  expect(medianOf(delays)).toBeLessThan(500);
});

test('a stream goes on after the last event that was seen, and misses nothing', async ({ host, expect }) => {
  const node = await joinNetwork(host, 'resume');
  const heard: unknown[] = [];
  let lastEventId: string | undefined;
  for (let round = 0; round < 6; round += 1) {
    for (let at = 0; at < 3; at += 1) await sendMessage(node, ['resume'], { content: `${round}.${at}` });
    await using listener = await listenTo(host, node, lastEventId === undefined ? {} : { lastEventId });
    await listener.waitFor(3);
    // What came meanwhile is told by the next one.
    await sendMessage(node, ['resume'], { content: `${round}.more` });
    heard.push(...listener.heard.map(({ message }) => message.content));
    lastEventId = listener.heard.at(-1)?.eventId;
  }
  const sent = Array.from({ length: 6 }, (_, round) => [0, 1, 2].map((at) => `${round}.${at}`)).flat();
  expect(sent.filter((it) => !heard.includes(it))).toEqual([]);
  expect(new Set(heard).size).toBe(heard.length);
  // Without it, all that has not been marked as read is told again.
  await using again = await listenTo(host, node);
  expect(await again.waitFor(24)).toHaveLength(24);
});

test('who leaves amid what waited at once hears the rest of it later', async ({ host, expect }) => {
  const node = await joinNetwork(host, 'amid');
  for (const [at, priority] of ['low', 'critical', 'low', 'critical', 'normal'].entries()) {
    await sendMessage(node, ['amid'], { content: at, priority });
  }
  await using listener = await listenTo(host, node);
  const heard = await listener.waitFor(5);
  expect(heard.map(({ message }) => message.content)).toEqual([1, 3, 4, 0, 2]);
  for (let seen = 1; seen <= 5; seen += 1) {
    await using again = await listenTo(host, node, { lastEventId: heard[seen - 1]?.eventId ?? '' });
    const before = heard.slice(0, seen).map(({ message }) => message.content);
    const rest = seen === 5 ? 0 : 5;
    await again.waitFor(rest);
    const all = [...before, ...again.heard.map(({ message }) => message.content)];
    expect(new Set(all)).toEqual(new Set([0, 1, 2, 3, 4]));
  }
  // An event of a database that was put back since: rather told twice than not.
  await using future = await listenTo(host, node, { lastEventId: '999999999' });
  expect(await future.waitFor(5)).toHaveLength(5);
});

test('read or expired, a message is not told any more', async ({ host, expect }) => {
  const node = await joinNetwork(host, 'stale');
  const { message_id: id } = await sendMessage(node, ['stale'], { content: 'read' });
  await sendMessage(node, ['stale'], { content: 'short', ttl: 1 });
  await sendMessage(node, ['stale'], { content: 'kept' });
  await markRead(node, id);
  await expect.poll(() => contentsOf(node), { timeout: 5_000 }).toEqual(['kept']);
  await using listener = await listenTo(host, node);
  expect((await listener.waitFor(1)).map(({ message }) => message.content)).toEqual(['kept']);
});

test('nobody listens for another, nor with a wrong event', async ({ host, expect }) => {
  const node = await joinNetwork(host, 'ear');
  await joinNetwork(host, 'mouth');
  const refused = await node.send('GET', '/api/v1/messages/stream/mouth');
  expect(refused.status).toBe(403);
  for (const lastEventId of ['x', '-1', '1.5', '9'.repeat(16)]) {
    await using listener = await listenTo(host, node, { lastEventId });
    expect([lastEventId, listener.status]).toEqual([lastEventId, 422]);
  }
});

test('a revoked node hears nothing more, and its long polls end', async ({ host, expect }) => {
  const node = await joinNetwork(host, 'revoked-ear');
  const sender = await joinNetwork(host, 'revoked-mouth');
  await using listener = await listenTo(host, node);
  const poll = node.send('GET', '/api/v1/messages/pending/revoked-ear?wait=20');
  await sendMessage(sender, ['revoked-mouth']);
  const operator = await connectOperator(host);
  await operator.nodes.revoke.mutate({ id: 'revoked-ear', confirmName: 'Node revoked-ear' });
  await listener.ended;
  expect((await poll).status).toBe(401);
  const late = await sendMessage(sender, ['revoked-ear', 'revoked-mouth'], { content: 'late' });
  expect(late).toMatchObject({
    accepted: ['revoked-mouth'],
    rejected: [{ node_id: 'revoked-ear', reason: 'unknown_node' }],
  });
  expect(listener.heard).toEqual([]);
});

/** The text of a subscription of tRPC, until it matches. */
async function hearUntil(host: TestHost, node: TestNode, pattern: RegExp): Promise<string> {
  const input = encodeURIComponent(JSON.stringify({ nodeId: node.id }));
  const response = await host.fetch(`/trpc/messages.stream?input=${input}`, {
    headers: { authorization: `Bearer ${node.token}`, accept: 'text/event-stream' },
  });
  const decoder = new TextDecoder();
  let text = '';
  for await (const chunk of response.body ?? []) {
    text += decoder.decode(chunk, { stream: true });
    if (pattern.test(text)) return text;
  }
  throw new Error(`the subscription ended:\n${text}`);
}

test('the same over tRPC, with its subscription', async ({ host, expect }) => {
  const node = await joinNetwork(host, 'typed');
  const client = connect(host, node.token);
  const heard = hearUntil(host, node, /"run":\[1\][^\n]*\n[^\n]*\n\n/);
  const sent = await client.messages.send.mutate({
    fromNode: 'typed',
    toNodes: ['typed', 'nobody'],
    messageType: 'command',
    content: { run: [1] },
  });
  expect(sent).toMatchObject({
    accepted: ['typed'],
    rejected: [{ nodeId: 'nobody', reason: 'unknown_node' }],
    rateLimit: { policy: 'messages', limit: 100_000 },
  });
  expect(sent.rateLimit?.resetSeconds).toSatisfy(Number.isInteger);
  expect(await heard).toContain(`"id":"${sent.messageId}"`);
  const { items } = await client.messages.listPending.query({ nodeId: 'typed', waitSeconds: 5 });
  expect(items).toMatchObject([{ id: sent.messageId, priority: 'normal', metadata: {} }]);
  const marked = await client.messages.markRead.mutate({ id: sent.messageId });
  expect(await client.messages.markRead.mutate({ id: sent.messageId })).toEqual(marked);
  expect(await client.messages.listPending.query({ nodeId: 'typed' })).toEqual({ items: [] });
  await expect(client.messages.listPending.query({ nodeId: 'live' })).rejects.toMatchObject({
    data: { appCode: 'forbidden' },
  });
});
