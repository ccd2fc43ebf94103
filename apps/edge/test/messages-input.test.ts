// The bad input for messages: every field missing, mistyped, oversized; another node in each path.
import { gzipSync } from 'node:zlib';

import { createHostTest } from './support/host-test.ts';
import { messageOf, readPending } from './support/messages.ts';
import { joinNetwork } from './support/nodes.ts';
import { connect } from './support/trpc.ts';

const test = createHostTest({ NODE_REGISTRATION: 'open', NODE_MESSAGES_PER_MINUTE: '100000' });

const LONG = 'x'.repeat(10_000);
const MANY = Array.from({ length: 257 }, (_, index) => `node-${index}`);
const TEXTS = [null, 7, true, [], {}, '', LONG] as const;

/** For each field what is wrong with it; it is left out as well, where it is required. */
const FIELDS: Readonly<Record<string, { isRequired: boolean; bad: readonly unknown[] }>> = {
  from_node: { isRequired: true, bad: [...TEXTS, '../x', 'a b', 'ä'] },
  to_nodes: { isRequired: true, bad: [null, 7, 'bad', {}, [], [7], [''], [null], [LONG], MANY, [['bad']]] },
  message_type: { isRequired: true, bad: [...TEXTS, 'a b', 'a\nb'] },
  content: { isRequired: true, bad: [] },
  priority: { isRequired: false, bad: [null, 7, '', 'urgent', 'HIGH', [], {}] },
  ttl: { isRequired: false, bad: [null, 0, -1, 1.5, 604_801, '60', true, [], 1e300] },
  metadata: { isRequired: false, bad: ['x', 7, [], true, { a: 'x'.repeat(20_000) }] },
  idempotency_key: { isRequired: false, bad: [7, '', 'a b', 'ä', 'x'.repeat(256), [], {}] },
};

test('each field that is missing, mistyped or oversized is named, and nothing is a 500', async ({
  host,
  expect,
}) => {
  const node = await joinNetwork(host, 'bad');
  const good = messageOf('bad', ['bad']);
  for (const [name, { isRequired, bad }] of Object.entries(FIELDS)) {
    const { [name]: _, ...without } = good;
    const bodies = [...bad.map((value) => ({ ...good, [name]: value })), ...(isRequired ? [without] : [])];
    for (const body of bodies) {
      const response = await node.send('POST', '/api/v1/messages/send', body);
      const shown = JSON.stringify(body).slice(0, 300);
      expect([name, shown, response.status]).toEqual([name, shown, 422]);
      expect(response.headers.get('content-type')).toBe('application/problem+json');
      expect(await response.text()).toContain(`"param":"${name}`);
    }
  }
  expect(await readPending(node)).toEqual([]);
  expect(host.logs()).not.toContain('request failed');
});

test('a body that is no JSON, or too much of it, is refused', async ({ host, expect }) => {
  const node = await joinNetwork(host, 'body');
  const headers = { authorization: `Bearer ${node.token}`, 'content-type': 'application/json' };
  for (const [body, status] of [
    ['', 422],
    ['null', 422],
    ['[]', 400],
    ['7', 400],
    ['{', 400],
    ['{"from_node":"a","from_node":"b"}', 400],
    [`{"content":${'['.repeat(100)}${']'.repeat(100)}}`, 400],
    [JSON.stringify(messageOf('body', ['body'], { content: 'x'.repeat(257 * 1_024) })), 413],
  ] as const) {
    const response = await host.fetch('/api/v1/messages/send', { method: 'POST', headers, body });
    expect([body.slice(0, 30), response.status]).toEqual([body.slice(0, 30), status]);
  }
  const text = { ...headers, 'content-type': 'text/plain' };
  const typed = await host.fetch('/api/v1/messages/send', { method: 'POST', headers: text, body: '{}' });
  expect(typed.status).toBe(415);
});

test('security 80: a packed body is not unpacked, however small or large it would be', async ({
  host,
  expect,
}) => {
  const node = await joinNetwork(host, 'packed');
  const whole = Buffer.from(JSON.stringify(messageOf('packed', ['packed'])));
  for (const body of [gzipSync(whole), gzipSync(Buffer.alloc(3_145_728, ' '))]) {
    const startedAt = performance.now();
    const response = await host.fetch('/api/v1/messages/send', {
      method: 'POST',
      headers: {
        authorization: `Bearer ${node.token}`,
        'content-type': 'application/json',
        'content-encoding': 'gzip',
      },
      body,
    });
    expect([400, 413, 415]).toContain(response.status);
    expect(response.headers.get('content-type')).toBe('application/problem+json');
    expect(performance.now() - startedAt).toBeLessThan(2_000);
  }
  expect(await readPending(node)).toEqual([]);
});

test('what is asked of a mailbox is checked, and nobody asks without a token', async ({ host, expect }) => {
  const node = await joinNetwork(host, 'ask');
  for (const query of [
    'limit=0',
    'limit=501',
    'limit=x',
    'limit=-1',
    'limit=1.5',
    'wait=26',
    'wait=-1',
    'wait=x',
  ]) {
    const { status } = await node.send('GET', `/api/v1/messages/pending/ask?${query}`);
    expect([query, status]).toEqual([query, 422]);
  }
  expect((await node.send('GET', '/api/v1/messages/pending/ask?limit=&wait=')).status).toBe(200);
  for (const [method, path, status] of [
    ['GET', '/api/v1/messages/pending/bad', 403],
    ['GET', '/api/v1/messages/pending/%00', 404],
    ['GET', '/api/v1/messages/stream/bad', 403],
    ['GET', '/api/v1/messages/stream/..%2Fask', 404],
    ['PUT', '/api/v1/messages/msg_/read', 404],
    ['PUT', `/api/v1/messages/${'x'.repeat(5_000)}/read`, 404],
    ['GET', '/api/v1/messages/nothing', 404],
  ] as const) {
    const shown = path.slice(0, 50);
    expect([shown, (await node.send(method, path)).status]).toEqual([shown, status]);
    const nameless = (await host.fetch(path, { method })).status;
    expect([shown, nameless]).toEqual([shown, path.endsWith('nothing') ? 404 : 401]);
  }
  for (const token of [host.userToken, `${node.token.slice(0, -4)}AAAA`]) {
    const headers = { authorization: `Bearer ${token}` };
    const { status } = await host.fetch('/api/v1/messages/pending/ask', { headers });
    expect(status).toBe(token === host.userToken ? 403 : 401);
  }
});

test('tRPC checks the same', async ({ host, expect }) => {
  const node = await joinNetwork(host, 'typed');
  const client = connect(host, node.token);
  const good = { fromNode: 'typed', toNodes: ['typed'], messageType: 'x', content: 1 };
  const cases: [bad: object, appCode: string][] = [
    [{ fromNode: 'ask' }, 'forbidden'],
    [{ toNodes: [''] }, 'invalid_request'],
    [{ content: undefined }, 'invalid_request'],
    [{ ttlSeconds: 0 }, 'invalid_request'],
    [{ content: 'x'.repeat(300 * 1_024) }, 'payload_too_large'],
  ];
  for (const [bad, appCode] of cases) {
    const sent = client.messages.send.mutate({ ...good, ...bad });
    await expect(sent).rejects.toMatchObject({ data: { appCode } });
  }
  await expect(client.messages.markRead.mutate({ id: 'x' })).rejects.toMatchObject({
    data: { appCode: 'invalid_request' },
  });
  expect(await client.messages.listPending.query({ nodeId: 'typed' })).toEqual({ items: [] });
});
