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
  expect(await sendMessage(from, ['full-to'])).toMatchObject({ accepted: [] });
  expect(await compareCounts(host)).toEqual([]);
});

test('security 76: never more than fits, however many send at once', async ({ host, expect }) => {
  const senders = await joinAll(host, ['rush-1', 'rush-2', 'rush-3', 'rush-4']);
  const receipts = await Promise.all(
    senders.flatMap((sender) => Array.from({ length: 5 }, () => sendMessage(sender, ['rush-1']))),
  );
  expect(receipts.filter(({ accepted }) => accepted.length === 1)).toHaveLength(MAILBOX);
  expect(receipts.filter(({ rejected }) => rejected[0]?.reason === 'mailbox_full')).toHaveLength(
    20 - MAILBOX,
  );
});

test('security 76: a mailbox is bounded in bytes as well', async ({ host, expect }) => {
  const [from, to] = await joinAll(host, ['bytes-from', 'bytes-to']);
  if (from === undefined || to === undefined) throw new Error('no nodes');
  const large = { content: 'x'.repeat(200 * 1_024) };
  for (let at = 0; at < 5; at += 1) {
    expect(await sendMessage(from, ['bytes-to'], large)).toMatchObject({ accepted: ['bytes-to'] });
  }
  expect(await sendMessage(from, ['bytes-to'], large)).toMatchObject({
    rejected: [{ node_id: 'bytes-to', reason: 'mailbox_full' }],
  });
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
