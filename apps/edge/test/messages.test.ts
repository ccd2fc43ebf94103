// The contract's messages over REST; security 74 and 75.
import { createHostTest } from './support/host-test.ts';
import { contentsOf, joinAll, markRead, messageOf, readPending, sendMessage } from './support/messages.ts';
import { joinNetwork } from './support/nodes.ts';

const test = createHostTest({ NODE_REGISTRATION: 'open', NODE_MESSAGES_PER_MINUTE: '100000' });

test('a message is in the mailbox of each recipient until that one marks it as read', async ({
  host,
  expect,
}) => {
  const [from, one, other] = await joinAll(host, ['basic-from', 'basic-1', 'basic-2']);
  if (from === undefined || one === undefined || other === undefined) throw new Error('no nodes');
  const sentMs = Date.now();
  const content = { action: 'sync_request', nested: [1, null, 'é\u0000'], at: '2026-01-01' };
  const receipt = await sendMessage(from, ['basic-1', 'basic-2', 'basic-1'], { content, priority: 'high' });
  expect(receipt).toMatchObject({ accepted: ['basic-1', 'basic-2'], rejected: [] });
  const [message] = await readPending(one);
  expect(message).toMatchObject({
    id: receipt.message_id,
    from_node: 'basic-from',
    message_type: 'data_sync',
    content,
    priority: 'high',
    metadata: { correlation_id: 'sync-001' },
  });
  const livesMs = Date.parse(message?.expires_at ?? '') - Date.parse(message?.created_at ?? '');
  expect(livesMs).toBe(1_800_000);
  expect(Math.abs(Date.parse(message?.created_at ?? '') - sentMs)).toBeLessThan(5_000);
  // Reading takes nothing out.
  expect(await readPending(one)).toHaveLength(1);
  expect([await markRead(one, receipt.message_id), await markRead(one, receipt.message_id)]).toEqual([
    200, 200,
  ]);
  expect([await readPending(one), await contentsOf(other), await readPending(from)]).toEqual([
    [],
    [content],
    [],
  ]);
});

test('the most urgent come first, and among equals the oldest', async ({ host, expect }) => {
  const node = await joinNetwork(host, 'urgent');
  for (const [index, priority] of [
    'low',
    'normal',
    'critical',
    'high',
    'normal',
    'critical',
    'low',
  ].entries()) {
    await sendMessage(node, ['urgent'], { content: index, priority });
  }
  expect(await contentsOf(node)).toEqual([2, 5, 3, 1, 4, 0, 6]);
  expect(await contentsOf(node, '?limit=3')).toEqual([2, 5, 3]);
});

test('what is left out has its default', async ({ host, expect }) => {
  const node = await joinNetwork(host, 'default');
  const response = await node.send('POST', '/api/v1/messages/send', {
    from_node: 'default',
    to_nodes: ['default'],
    message_type: 'ping',
    content: null,
  });
  expect(response.status).toBe(200);
  const [message] = await readPending(node);
  expect(message).toMatchObject({ priority: 'normal', metadata: {}, content: null });
  const livesMs = Date.parse(message?.expires_at ?? '') - Date.parse(message?.created_at ?? '');
  expect(livesMs).toBe(3_600_000);
});

test('unknown recipients are told, and the others get it', async ({ host, expect }) => {
  const [from, to] = await joinAll(host, ['partial-from', 'partial-to']);
  if (from === undefined || to === undefined) throw new Error('no nodes');
  const receipt = await sendMessage(from, ['nobody', 'partial-to', "' or 1=1--"]);
  expect(receipt).toMatchObject({
    accepted: ['partial-to'],
    rejected: [
      { node_id: 'nobody', reason: 'unknown_node' },
      { node_id: "' or 1=1--", reason: 'unknown_node' },
    ],
  });
  expect(await readPending(to)).toHaveLength(1);
  const nobody = await sendMessage(from, ['nobody']);
  expect(nobody).toMatchObject({ accepted: [], rejected: [{ node_id: 'nobody', reason: 'unknown_node' }] });
  const rows = await host.readRows('select content from messages where id = ?1', [nobody.message_id]);
  expect(rows).toEqual([{ content: 'null' }]);
});

test('security 74: nobody sends as another, and only the addressee reads and marks', async ({
  host,
  expect,
}) => {
  const [from, to, stranger] = await joinAll(host, ['priv-from', 'priv-to', 'priv-stranger']);
  if (from === undefined || to === undefined || stranger === undefined) throw new Error('no nodes');
  const { message_id: id } = await sendMessage(from, ['priv-to'], { content: 'CANARY-of-a-message' });
  const forged = await stranger.send('POST', '/api/v1/messages/send', messageOf('priv-from', ['priv-to']));
  expect(forged.status).toBe(403);
  for (const node of [from, stranger]) {
    const peek = await node.send('GET', '/api/v1/messages/pending/priv-to');
    expect([peek.status, await peek.text()]).toEqual([403, expect.not.stringContaining('CANARY')]);
    expect((await node.send('GET', '/api/v1/messages/pending/nobody-at-all')).status).toBe(403);
    expect(await markRead(node, id)).toBe(403);
  }
  expect(await markRead(stranger, 'msg_00000000000000000000000000')).toBe(404);
  expect(await markRead(stranger, 'x')).toBe(404);
  expect(await contentsOf(to)).toEqual(['CANARY-of-a-message']);
  expect(host.logs()).not.toContain('CANARY-of-a-message');
});
