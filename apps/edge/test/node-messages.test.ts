// What operators see of the messages: their outside, and nothing that is in them.
import type { TestHost } from './support/host.ts';
import { createHostTest } from './support/host-test.ts';
import { joinNetwork, type TestNode } from './support/nodes.ts';
import { connect, connectOperator } from './support/trpc.ts';

const test = createHostTest({ NODE_REGISTRATION: 'open' });

async function send(node: TestNode, toNodes: readonly string[], more: object = {}): Promise<string> {
  const response = await node.send('POST', '/api/v1/messages/send', {
    from_node: node.id,
    to_nodes: toNodes,
    message_type: 'job.done',
    content: { text: 'CANARY of a content' },
    metadata: { note: 'CANARY of metadata' },
    priority: 'high',
    ttl: 60,
    ...more,
  });
  const answer: unknown = await response.json();
  if (typeof answer !== 'object' || answer === null || !('message_id' in answer)) throw new Error('not sent');
  return String(answer.message_id);
}

/** As if so many seconds had passed for it. */
async function age(host: TestHost, messageId: string, seconds: number): Promise<void> {
  const back = [messageId, seconds * 1_000];
  await host.readRows(
    `update deliveries set expires_at = expires_at - ?2
      where message_seq = (select seq from messages where id = ?1) returning to_node`,
    back,
  );
  await host.readRows('update messages set expires_at = expires_at - ?2 where id = ?1 returning id', back);
}

test('what came, what went out and what came too late, without what it says', async ({ host, expect }) => {
  const [sender, reader, late] = [
    await joinNetwork(host, 'box-sender'),
    await joinNetwork(host, 'box-reader'),
    await joinNetwork(host, 'box-late'),
  ];
  const many = await send(sender, ['box-reader', 'box-late', 'box-nobody']);
  const one = await send(sender, ['box-reader'], { priority: 'low', message_type: 'note' });
  await reader.send('PUT', `/api/v1/messages/${many}/read`);
  const operator = await connectOperator(host);
  const list = async (id: string, box: 'received' | 'sent' | 'expired') =>
    await operator.nodes.listMessages.query({ id, box });

  const received = await list('box-reader', 'received');
  expect(received.items).toMatchObject([
    {
      id: one,
      messageType: 'note',
      priority: 'low',
      fromNode: 'box-sender',
      pending: 1,
      read: 0,
      readAt: null,
    },
    { id: many, priority: 'high', toNodes: ['box-reader'], recipients: 1, read: 1, pending: 0 },
  ]);
  expect(received.items[1]?.readAt).toMatch(/Z$/);
  expect(received.mailbox).toEqual({ pending: 1, bytes: received.items[0]?.sizeBytes });
  expect((await operator.nodes.get.query({ id: 'box-reader' })).pendingMessages).toBe(1);

  const sent = await list('box-sender', 'sent');
  expect(sent.items).toMatchObject([
    { id: one, toNodes: ['box-reader'], recipients: 1, pending: 1 },
    { id: many, toNodes: ['box-late', 'box-reader'], recipients: 2, read: 1, pending: 1, expired: 0 },
  ]);
  expect(await list('box-late', 'expired')).toMatchObject({ items: [] });
  await age(host, many, 61);
  expect(await list('box-late', 'expired')).toMatchObject({ items: [{ id: many, expired: 1, pending: 0 }] });
  expect(await list('box-reader', 'expired')).toMatchObject({ items: [] });
  expect((await list('box-sender', 'sent')).items[1]).toMatchObject({ read: 1, pending: 0, expired: 1 });
  expect((await list('box-late', 'received')).mailbox).toEqual({ pending: 0, bytes: 0 });
  expect(JSON.stringify([received, sent])).not.toContain('CANARY');
  expect(await late.send('GET', '/api/v1/messages/pending/box-late').then((it) => it.json())).toEqual({
    messages: [],
  });
});

test('pages lead through all of them, and a cursor that is none of ours is refused', async ({
  host,
  expect,
}) => {
  const node = await joinNetwork(host, 'box-paged');
  const sent: string[] = [];
  for (let index = 0; index < 5; index += 1) sent.push(await send(node, ['box-paged']));
  const operator = await connectOperator(host);
  for (const box of ['received', 'sent'] as const) {
    const found: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await operator.nodes.listMessages.query({ id: 'box-paged', box, limit: 2, cursor });
      found.push(...page.items.map(({ id }) => id));
      cursor = page.nextCursor ?? undefined;
    } while (cursor !== undefined);
    expect(found).toEqual(sent.toReversed());
  }
  for (const cursor of ['x', btoa('before.'), btoa('after.1'), 'YmVmb3JlLjAx']) {
    const asked = operator.nodes.listMessages.query({ id: 'box-paged', box: 'sent', cursor });
    await expect(asked).rejects.toThrow('The cursor is not one of ours.');
  }
});

test('no node sees another one’s envelopes, nor its own in this way', async ({ host, expect }) => {
  const node = await joinNetwork(host, 'box-curious');
  await joinNetwork(host, 'box-private');
  for (const id of ['box-private', 'box-curious']) {
    const asked = connect(host, node.token).nodes.listMessages.query({ id, box: 'received' });
    await expect(asked).rejects.toThrow(/scope/);
  }
  const operator = await connectOperator(host);
  const gone = operator.nodes.listMessages.query({ id: 'box-nobody', box: 'received' });
  await expect(gone).rejects.toThrow('There is no such node.');
});
