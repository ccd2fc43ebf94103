import { expect, test } from 'vitest';

import { refuse } from './support/fake-broker.ts';
import { setUpNode } from './support/node-set-up.ts';
import { catchError } from './support/set-up.ts';

const SEND = '/api/v1/messages/send';
const MESSAGE = { to: 'b', type: 'command', content: { run: 1 } };

async function setUpConnected(options: Parameters<typeof setUpNode>[0] = {}) {
  const parts = setUpNode(options);
  await parts.connect();
  return parts;
}

for (const { name, behave } of [
  { name: 'fails', behave: refuse(503) },
  {
    name: 'cannot be reached',
    behave: () => {
      throw new TypeError('fetch failed');
    },
  },
]) {
  test(`a broker that ${name} is asked three times, ever later`, async () => {
    const { client, broker, clock } = await setUpConnected();
    broker.behave(behave);
    const failed = catchError(client.listNodes());
    await clock.fire(500);
    await clock.fire(1_000);

    expect(await failed).toMatchObject({ name: 'NodeClientError', retryable: true });
    expect(broker.calls).toHaveLength(3);
  });
}

test('what works at the second try is as good as at the first', async () => {
  const { client, broker, clock } = await setUpConnected();
  broker.behave(() => (broker.calls.length === 1 ? new Response('', { status: 502 }) : null));
  const listing = client.listNodes();
  await clock.fire(500);
  expect(await listing).toMatchObject({ nextCursor: null });
});

test('it waits as long as it is told; where that is too long it says so at once', async () => {
  const { client, broker, clock } = await setUpConnected();
  broker.behave(() => (broker.calls.length === 1 ? refuseWith('7') : null));
  const listing = client.listNodes();
  await clock.fire(7_000);
  await listing;

  broker.behave(() => refuseWith('61'));
  expect(await catchError(client.listNodes())).toMatchObject({ code: 'rate_limited', retryAfterMs: 61_000 });
  expect(broker.calls).toHaveLength(3);
});

function refuseWith(retryAfter: string): Response {
  return new Response('', { status: 429, headers: { 'retry-after': retryAfter } });
}

test('a message keeps its idempotency key and its body over all tries, sealed as well', async () => {
  const { client, broker, clock } = await setUpConnected();
  broker.behave(() => (broker.count(SEND) < 3 ? refuseWith('1') : null));
  const sending = client.send({ ...MESSAGE, sign: true });
  await clock.fire(1_000);
  await clock.fire(1_000);

  expect(await sending).toEqual({ messageId: 'msg_1', accepted: ['b'], rejected: [] });
  const bodies = broker.calls.filter(({ path }) => path === SEND).map(({ body }) => JSON.stringify(body));
  expect(new Set(bodies).size).toBe(1);
  expect(JSON.parse(bodies[0] ?? '')).toMatchObject({ idempotency_key: expect.stringMatching(/^id-\d+$/) });
});

function refuseFull(): Response {
  return Response.json({ code: 'mailbox_full' }, { status: 507, headers: { 'retry-after': '5' } });
}

test('a full mailbox is tried again under the same key, and then told as what it is', async () => {
  const { client, broker, clock } = await setUpConnected();
  broker.behave(() => (broker.count(SEND) < 2 ? refuseFull() : null));
  const sending = client.send(MESSAGE);
  await clock.fire(5_000);
  expect(await sending).toMatchObject({ accepted: ['b'] });

  broker.behave(refuseFull);
  const failed = catchError(client.send({ ...MESSAGE, idempotencyKey: 'mine' }));
  await clock.fire(5_000);
  await clock.fire(5_000);
  expect(await failed).toMatchObject({
    code: 'mailbox_full',
    retryable: true,
    retryAfterMs: 5_000,
    status: 507,
  });
  const sent = broker.calls.filter(({ path }) => path === SEND).map(({ body }) => body);
  expect(sent).toHaveLength(5);
  expect(sent.slice(2)).toEqual(
    Array.from({ length: 3 }, () => expect.objectContaining({ idempotency_key: 'mine' })),
  );
});

test('a message goes out as the contract writes it', async () => {
  const { client, broker } = await setUpConnected();
  await client.send({
    ...MESSAGE,
    to: ['b', 'c'],
    priority: 'critical',
    ttlSeconds: 60,
    metadata: { correlation_id: 1 },
    idempotencyKey: 'mine',
  });
  expect(broker.calls.at(-1)?.body).toEqual({
    from_node: 'worker-1',
    to_nodes: ['b', 'c'],
    message_type: 'command',
    content: { run: 1 },
    priority: 'critical',
    ttl: 60,
    metadata: { correlation_id: 1 },
    idempotency_key: 'mine',
  });
});

test.each([
  [400, 'invalid_request'],
  [403, 'forbidden'],
  [404, 'not_found'],
  [409, 'conflict'],
  [413, 'too_large'],
  [302, 'refused'],
])('an answer of %i is final: %s', async (status, code) => {
  const { client, broker } = await setUpConnected();
  broker.behave(refuse(status, { 'x-request-id': 'req_1' }));
  expect(await catchError(client.getNode('b'))).toMatchObject({
    code,
    status,
    serverCode: 'told_so',
    requestId: 'req_1',
    retryable: false,
  });
  expect(broker.calls).toHaveLength(1);
});

test('the broker’s word that a repetition makes no sense is believed; a field at fault is named', async () => {
  const { client, broker } = await setUpConnected();
  broker.behave(refuse(503, { 'x-should-retry': 'false' }));
  expect(await catchError(client.listNodes())).toMatchObject({ retryable: false });
  broker.behave(() =>
    Response.json({ title: 'Bad.', code: 'invalid_request', param: 'to_nodes' }, { status: 422 }),
  );
  expect(await catchError(client.send(MESSAGE))).toMatchObject({
    code: 'invalid_request',
    param: 'to_nodes',
  });
  broker.behave(() => Response.json({ code: 'idempotency_key_reused' }, { status: 422 }));
  expect(await catchError(client.send(MESSAGE))).toMatchObject({ code: 'conflict' });
});

test('an answer that does not come in time is given up, and the request with it', async () => {
  const { client, broker, clock } = await setUpConnected({ requestTimeoutMs: 3_000, maxTries: 1 });
  broker.behave(() => Promise.withResolvers<null>().promise);
  const failed = catchError(client.listNodes());
  await clock.fire(3_000);
  expect(await failed).toMatchObject({ code: 'timed_out', message: expect.stringContaining('3 s') });

  const patient = catchError(client.listPending({ waitSeconds: 20 }));
  await clock.fire(23_000);
  expect(await patient).toMatchObject({ code: 'timed_out' });
});

test('whoever aborts gets their own reason, in a request and between two tries', async () => {
  const { client, broker, clock } = await setUpConnected();
  const reason = new Error('enough');
  expect(await catchError(client.listNodes({}, { signal: AbortSignal.abort(reason) }))).toBe(reason);
  expect(broker.calls).toHaveLength(0);

  broker.behave(refuse(503));
  const abort = new AbortController();
  const failed = catchError(client.listNodes({}, { signal: abort.signal }));
  await expect.poll(() => clock.started).toContain(500);
  abort.abort(reason);
  expect(await failed).toBe(reason);
  expect(broker.calls).toHaveLength(1);
});

test('what is no answer of a broker is called that', async () => {
  const { client, broker } = await setUpConnected({ maxTries: 1 });
  for (const body of ['<html>', '{}', '[]', 'null', '{"nodes":[{"node_id":1}]}', '{"messages":{}}']) {
    broker.behave(() => new Response(body));
    expect(await catchError(client.listNodes())).toMatchObject({ code: 'invalid_answer' });
    expect(await catchError(client.send(MESSAGE))).toMatchObject({ code: 'invalid_answer' });
    expect(await catchError(client.listPending())).toMatchObject({ code: 'invalid_answer' });
    expect(await catchError(client.sendHeartbeat())).toMatchObject({ code: 'invalid_answer' });
  }
});

test('the directory is asked by its filters, and page by page', async () => {
  const { client, broker } = await setUpConnected();
  const pages = [
    { nodes: [], next_cursor: 'c2' },
    { nodes: [], next_cursor: null },
  ];
  broker.behave(() => Response.json(pages.shift()));
  const filter = { type: 'gateway', capabilities: ['a', 'b'], region: 'eu', status: 'healthy' };
  for await (const node of client.findNodes(filter)) expect(node).toBeDefined();
  expect(broker.calls.map(({ query }) => query.toString())).toEqual([
    'type=gateway&region=eu&capabilities=a%2Cb&status=healthy',
    'type=gateway&region=eu&cursor=c2&capabilities=a%2Cb&status=healthy',
  ]);
  broker.behave(() => Response.json({ nodes: [], next_cursor: null }));
  await client.listNodes({ status: ['unreachable', 'offline'] });
  expect(broker.calls.at(-1)?.query.toString()).toBe('status=unreachable%2Coffline');
});

test('that the broker is down is an answer; metrics are asked for in either format', async () => {
  const { client, broker } = await setUpConnected();
  expect(await client.getHealth()).toEqual({ status: 'down', uptime: 1, version: '1', checks: {} });
  broker.behave(() => new Response('# EOF\n'));
  expect(await client.getMetrics('openmetrics')).toBe('# EOF\n');
  expect(broker.calls.at(-1)?.headers.get('accept')).toContain('application/openmetrics-text');
});

test('after close nothing goes out any more, and what is under way ends', async () => {
  const { client, broker } = await setUpConnected();
  broker.behave(() => Promise.withResolvers<null>().promise);
  const hanging = catchError(client.listNodes());
  await expect.poll(() => broker.calls).toHaveLength(1);
  await client.close();
  await client.close();

  expect(await hanging).toMatchObject({ code: 'closed' });
  expect(await catchError(client.listNodes())).toMatchObject({ code: 'closed' });
  expect(await catchError(client.connect())).toMatchObject({ code: 'closed' });
  expect(await catchError(client.getAccessToken())).toMatchObject({ code: 'closed' });
  expect(broker.calls).toHaveLength(1);
});
