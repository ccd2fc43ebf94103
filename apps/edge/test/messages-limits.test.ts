// Security 75 and 76: repeated requests, quotas, expiry.
import * as z from 'zod';

import type { TestHost } from './support/host.ts';
import { createHostTest } from './support/host-test.ts';
import {
  contentsOf,
  joinAll,
  markRead,
  messageOf,
  readPending,
  receiptSchema,
  sendMessage,
} from './support/messages.ts';
import { joinNetwork, type TestNode } from './support/nodes.ts';
import { connect } from './support/trpc.ts';

const PER_MINUTE = 30;
const MAILBOX = 6;
const test = createHostTest({
  NODE_REGISTRATION: 'open',
  NODE_MESSAGES_PER_MINUTE: String(PER_MINUTE),
  NODE_MAILBOX_MESSAGES: String(MAILBOX),
  NODE_MAILBOX_BYTES: '1048576',
});

const problemSchema = z.object({ status: z.int(), code: z.string() });

/** What each mailbox is said to hold, and what it holds. */
async function compareCounts(host: TestHost): Promise<unknown[]> {
  return [
    ...(await host.readRows(`select b.node_id, b.pending, b.bytes, count(d.to_node) as open,
        coalesce(sum(d.size_bytes), 0) as open_bytes
      from mailboxes b left join deliveries d on d.to_node = b.node_id and d.is_open = 1
      group by b.node_id having b.pending <> open or b.bytes <> open_bytes`)),
  ];
}

function send(node: TestNode, to: readonly string[], more: object = {}): Promise<Response> {
  return node.send('POST', '/api/v1/messages/send', messageOf(node.id, to, more));
}

const FULL = { status: 507, code: 'mailbox_full', retryAfter: '5', type: 'application/problem+json' };

async function readFull(node: TestNode, to: string, more: object): Promise<object> {
  const response = await send(node, [to], more);
  const { status, headers } = response;
  const { code } = problemSchema.parse(await response.json());
  return { status, code, retryAfter: headers.get('retry-after'), type: headers.get('content-type') };
}

test('security 75: the same key and the same message is one message, however often and at once', async ({
  host,
  expect,
}) => {
  const [from, to] = await joinAll(host, ['idem-from', 'idem-to']);
  if (from === undefined || to === undefined) throw new Error('no nodes');
  const more = { idempotency_key: 'key-1', content: { at: 1 } };
  const answers = await Promise.all(
    Array.from({ length: 20 }, () => sendMessage(from, ['idem-to', 'nobody'], more)),
  );
  const [first] = answers;
  expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
  expect(first).toMatchObject({
    accepted: ['idem-to'],
    rejected: [{ node_id: 'nobody', reason: 'unknown_node' }],
  });
  expect(await contentsOf(to)).toEqual([{ at: 1 }]);
  expect(await markRead(to, first?.message_id ?? '')).toBe(200);
  // Also when it has been read, and when the one who was unknown has come.
  await joinNetwork(host, 'nobody');
  expect(await sendMessage(from, ['idem-to', 'nobody'], more)).toEqual(first);
  expect(await readPending(to)).toEqual([]);
  const reused = await send(from, ['idem-to', 'nobody'], { ...more, content: { at: 2 } });
  expect([reused.status, problemSchema.parse(await reused.json()).code]).toEqual([
    422,
    'idempotency_key_reused',
  ]);
  const ofAnother = await sendMessage(to, ['idem-to'], { idempotency_key: 'key-1' });
  expect(ofAnother.message_id).not.toBe(first?.message_id);
});

test('the header Idempotency-Key is a key as well, and no other than that of the body', async ({
  host,
  expect,
}) => {
  const node = await joinNetwork(host, 'header');
  const post = async (key: string, more: object = {}) => {
    const response = await host.fetch('/api/v1/messages/send', {
      method: 'POST',
      headers: {
        authorization: `Bearer ${node.token}`,
        'content-type': 'application/json',
        'idempotency-key': key,
      },
      body: JSON.stringify(messageOf(node.id, [node.id], more)),
    });
    return { status: response.status, body: z.record(z.string(), z.unknown()).parse(await response.json()) };
  };
  const first = await post('in-header');
  expect(first).toMatchObject({ status: 200, body: { accepted: ['header'] } });
  expect(await post('in-header')).toEqual(first);
  expect(await post('in-header', { idempotency_key: 'in-header' })).toEqual(first);
  expect(await post('in-header', { idempotency_key: null })).toEqual(first);
  expect(await sendMessage(node, ['header'], { idempotency_key: 'in-header' })).toEqual(first.body);
  expect(await post('in-header', { idempotency_key: 'in-body' })).toMatchObject({
    status: 422,
    body: { code: 'invalid_request', param: 'idempotency_key' },
  });
  for (const key of ['', 'a b', 'x'.repeat(256)]) {
    expect(await post(key)).toMatchObject({ status: 422, body: { param: 'Idempotency-Key' } });
  }
  expect(await readPending(node)).toHaveLength(1);
});

test('a key under which nobody took anything is free: later it may be the same message, or another', async ({
  host,
  expect,
}) => {
  const [from, late] = await joinAll(host, ['free-from', 'free-there']);
  if (from === undefined || late === undefined) throw new Error('no nodes');
  const more = { idempotency_key: 'early', content: { at: 1 } };
  const early = await Promise.all([
    sendMessage(from, ['free-late'], more),
    sendMessage(from, ['free-late'], more),
  ]);
  expect(early.map(({ accepted }) => accepted)).toEqual([[], []]);
  const node = await joinNetwork(host, 'free-late');
  const answers = await Promise.all(Array.from({ length: 10 }, () => sendMessage(from, ['free-late'], more)));
  expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
  expect(answers[0]).toMatchObject({ accepted: ['free-late'], rejected: [] });
  expect(await contentsOf(node)).toEqual([{ at: 1 }]);

  const key = { idempotency_key: 'either' };
  await sendMessage(from, ['free-nobody'], key);
  expect(await sendMessage(from, ['free-there'], key)).toMatchObject({ accepted: ['free-there'] });
  expect((await send(from, ['free-nobody'], key)).status).toBe(422);
});

test('a sender that sends too much is told when to go on; a repeated request, and others, are not held up', async ({
  host,
  expect,
}) => {
  const [from, other] = await joinAll(host, ['quota-from', 'quota-other']);
  if (from === undefined || other === undefined) throw new Error('no nodes');
  const keyed = await sendMessage(from, ['quota-other'], { idempotency_key: 'before' });
  const answers: Response[] = [];
  while (answers.at(-1)?.status !== 429 && answers.length <= 2 * PER_MINUTE) {
    answers.push(await send(from, ['nobody-here']));
  }
  const refused = answers.at(-1);
  expect(refused?.status).toBe(429);
  const retryAfter = Number(refused?.headers.get('retry-after'));
  expect(retryAfter).toBeGreaterThan(0);
  expect(retryAfter).toBeLessThanOrEqual(60);
  expect(await refused?.json()).toMatchObject({ code: 'rate_limited' });
  const lefts = answers.slice(0, -1).map(({ headers }) => headers.get('ratelimit') ?? '');
  expect(lefts.at(-1)).toMatch(/^"messages";r=0;t=\d+$/);
  expect(await sendMessage(from, ['quota-other'], { idempotency_key: 'before' })).toEqual(keyed);
  expect((await send(from, ['nobody-here'], { idempotency_key: 'after' })).status).toBe(429);
  await sendMessage(other, ['quota-from']);
  expect(await readPending(from)).toHaveLength(1);
});

test('security 76: a full mailbox is told for that recipient, and holds nobody else up', async ({
  host,
  expect,
}) => {
  const [from, full, free] = await joinAll(host, ['full-from', 'full-to', 'full-free']);
  if (from === undefined || full === undefined || free === undefined) throw new Error('no nodes');
  const sent = await Promise.all(Array.from({ length: MAILBOX }, () => sendMessage(from, ['full-to'])));
  const next = await sendMessage(from, ['full-to', 'full-free']);
  expect(next).toMatchObject({
    accepted: ['full-free'],
    rejected: [{ node_id: 'full-to', reason: 'mailbox_full' }],
  });
  expect(await readPending(full)).toHaveLength(MAILBOX);
  expect(await markRead(full, sent[0]?.message_id ?? '')).toBe(200);
  expect(await sendMessage(from, ['full-to'])).toMatchObject({ accepted: ['full-to'] });
  // Nobody has room: that is an error, and the key of it is free for when somebody has.
  const keyed = { idempotency_key: 'when-there-is-room' };
  for (const more of [{}, keyed, keyed]) expect(await readFull(from, 'full-to', more)).toEqual(FULL);
  expect(await send(from, ['full-to', 'full-nobody']).then((it) => it.json())).toMatchObject({
    accepted: [],
    rejected: [
      { node_id: 'full-to', reason: 'mailbox_full' },
      { node_id: 'full-nobody', reason: 'unknown_node' },
    ],
  });
  expect(await markRead(full, sent[1]?.message_id ?? '')).toBe(200);
  const late = await Promise.all([1, 2, 3].map(() => sendMessage(from, ['full-to'], keyed)));
  expect(new Set(late.map(({ message_id: id }) => id)).size).toBe(1);
  expect(late[0]).toMatchObject({ accepted: ['full-to'], rejected: [] });
  expect(await readPending(full)).toHaveLength(MAILBOX);
  expect(await compareCounts(host)).toEqual([]);
  expect(host.logs()).not.toContain('request failed');
});

test('security 76: over tRPC a full mailbox is the same error', async ({ host, expect }) => {
  const node = await joinNetwork(host, 'full-typed');
  await Promise.all(Array.from({ length: MAILBOX }, () => sendMessage(node, ['full-typed'])));
  const message = { fromNode: node.id, toNodes: [node.id], messageType: 'x', content: 1 };
  await expect(connect(host, node.token).messages.send.mutate(message)).rejects.toMatchObject({
    data: {
      appCode: 'mailbox_full',
      httpStatus: 503,
      details: { retryAfterSeconds: 5, rateLimit: { resetSeconds: expect.toSatisfy(Number.isInteger) } },
    },
  });
});

test('security 76: never more than fits, however many send at once', async ({ host, expect }) => {
  const senders = await joinAll(host, ['rush-1', 'rush-2', 'rush-3', 'rush-4']);
  const answers = await Promise.all(
    senders.flatMap((sender) => Array.from({ length: 5 }, () => send(sender, ['rush-1']))),
  );
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(MAILBOX);
  expect(answers.filter(({ status }) => status === 507)).toHaveLength(20 - MAILBOX);
});

test('security 76: a mailbox is bounded in bytes as well', async ({ host, expect }) => {
  const [from, to] = await joinAll(host, ['bytes-from', 'bytes-to']);
  if (from === undefined || to === undefined) throw new Error('no nodes');
  const large = { content: 'x'.repeat(200 * 1_024) };
  for (let at = 0; at < 5; at += 1) {
    expect(await sendMessage(from, ['bytes-to'], large)).toMatchObject({ accepted: ['bytes-to'] });
  }
  expect(await readFull(from, 'bytes-to', large)).toEqual(FULL);
  expect(await sendMessage(from, ['bytes-to'])).toMatchObject({ accepted: ['bytes-to'] });
  expect(await compareCounts(host)).toEqual([]);
});

test('an expired message is told to nobody, and its room is free', async ({ host, expect }) => {
  const [from, to] = await joinAll(host, ['ttl-from', 'ttl-to']);
  if (from === undefined || to === undefined) throw new Error('no nodes');
  const sent = await Promise.all(
    Array.from({ length: MAILBOX }, () => sendMessage(from, ['ttl-to'], { ttl: 1 })),
  );
  expect(sent.every(({ accepted }) => accepted.length === 1)).toBe(true);
  await expect.poll(() => readPending(to), { timeout: 5_000 }).toEqual([]);
  expect(await sendMessage(from, ['ttl-to'], { content: 'fresh' })).toMatchObject({ accepted: ['ttl-to'] });
  expect(await contentsOf(to)).toEqual(['fresh']);
  expect(await compareCounts(host)).toEqual([]);
  // To mark it now changes nothing, and is no mistake.
  const late = await to.send('PUT', `/api/v1/messages/${sent[0]?.message_id ?? ''}/read`);
  expect([late.status, await late.json()]).toEqual([200, { id: sent[0]?.message_id, read_at: null }]);
});

test('what no mailbox holds any more is not kept', async ({ host, expect }) => {
  const [from, one, other] = await joinAll(host, ['gone-from', 'gone-1', 'gone-2']);
  if (from === undefined || one === undefined || other === undefined) throw new Error('no nodes');
  const { message_id: id } = await sendMessage(from, ['gone-1', 'gone-2'], { content: 'CANARY-content' });
  const read = async () => host.readRows('select content, metadata from messages where id = ?1', [id]);
  await markRead(one, id);
  expect(await read()).toMatchObject([{ content: '"CANARY-content"' }]);
  await markRead(other, id);
  expect(await read()).toEqual([{ content: 'null', metadata: '{}' }]);
});

test('a body of 256 KiB is taken, and one byte more is not', async ({ host, expect }) => {
  const node = await joinNetwork(host, 'size');
  const emptyBytes = JSON.stringify(messageOf('size', ['size'], { content: '' })).length;
  const fit = 'x'.repeat(262_144 - emptyBytes);
  const taken = await send(node, ['size'], { content: fit });
  expect(receiptSchema.parse(await taken.json()).accepted).toEqual(['size']);
  const refused = await send(node, ['size'], { content: `${fit}x` });
  expect([refused.status, problemSchema.parse(await refused.json()).code]).toEqual([
    413,
    'payload_too_large',
  ]);
  expect(await contentsOf(node)).toEqual([fit]);
});
