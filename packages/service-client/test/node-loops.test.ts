import { expect, test } from 'vitest';

import type { NodeMessage } from '../src/nodes/message-crypto.ts';
import { createWireMessage, refuse } from './support/fake-broker.ts';
import { setUpNode } from './support/node-set-up.ts';
import { catchError } from './support/set-up.ts';

const READ = /^\/api\/v1\/messages\/(.+)\/read$/;

async function setUpConnected(options: Parameters<typeof setUpNode>[0] = {}) {
  const parts = setUpNode(options);
  await parts.connect();
  const read = () => parts.broker.calls.flatMap(({ path }) => READ.exec(path)?.[1] ?? []);
  return { ...parts, read };
}

test('it beats at once and then a little before the broker wants it, and stops when told', async () => {
  const { client, broker, clock } = await setUpConnected();
  let beats = 0;
  const loop = client.startHeartbeat({
    read: () => ({ status: 'busy', metrics: { beats: (beats += 1) } }),
  });
  await clock.fire(27_000);
  await clock.fire(27_000);
  await expect.poll(() => beats).toBe(3);
  await loop.stop();

  expect(broker.calls.map(({ body }) => body)).toEqual(
    [1, 2, 3].map((count) => ({ timestamp: expect.any(String), status: 'busy', metrics: { beats: count } })),
  );
  await loop.done;
});

test('a failed beat is made up for soon; a broker that lets nobody in ends the loop', async () => {
  const { client, broker, clock, events } = await setUpConnected({ maxTries: 1 });
  broker.behave(refuse(503));
  const loop = client.startHeartbeat({ intervalMs: 60_000 });
  await clock.fire(500);
  await clock.fire(1_000);
  await expect.poll(() => clock.started).toContain(2_000);
  broker.behave(null);
  await clock.fire(2_000);
  await expect.poll(() => events().at(-1)).toBe('heartbeat.sent');

  broker.behave(refuse(403));
  await clock.fire(54_000);
  expect(await catchError(loop.done)).toMatchObject({ code: 'forbidden' });
  expect(events().at(-1)).toBe('heartbeat.locked_out');
});

for (const transport of ['stream', 'poll'] as const) {
  test(`by ${transport}, a message is marked as read after its handler, and handled once`, async () => {
    const { client, broker, read, events } = await setUpConnected();
    broker.deliver(createWireMessage('m1'));
    const seen: string[] = [];
    const { promise, resolve } = Promise.withResolvers<void>();
    client.listen({
      transport,
      handlers: {
        command: async ({ id }) => {
          seen.push(id);
          await promise;
        },
      },
    });
    await expect.poll(() => seen).toEqual(['m1']);
    expect(read()).toEqual([]);
    resolve();
    await expect.poll(read).toEqual(['m1']);
    broker.endStreams();
    await client.close();

    expect(seen).toEqual(['m1']);
    expect(events()).not.toContain('message.unhandled');
  });
}

test('a handler that fails is tried 1, 2, 4 … s later, so often; then the message stays unread', async () => {
  const { client, broker, clock, read, lines } = await setUpConnected();
  broker.deliver(createWireMessage('bad'));
  broker.deliver(createWireMessage('good', { message_type: 'other' }));
  const attempts: number[] = [];
  client.listen({
    handlers: {
      command: (_message, { attempt }) => {
        attempts.push(attempt);
        throw new Error('CANARY');
      },
      '*': () => undefined,
    },
    maxHandlerTries: 3,
  });
  // One that waits for another try holds up nobody.
  await expect.poll(read).toEqual(['good']);
  await clock.fire(1_000);
  await clock.fire(2_000);
  await expect.poll(() => lines.at(-1)?.event).toBe('message.given_up');

  expect(attempts).toEqual([1, 2, 3]);
  expect(read()).toEqual(['good']);
  expect(JSON.stringify(lines)).not.toContain('CANARY');
});

test('where only the mark failed, the handler does not run again', async () => {
  const { client, broker, clock, read } = await setUpConnected({ maxTries: 1 });
  broker.behave(({ path }) =>
    READ.test(path) && read().length === 1 ? new Response('', { status: 503 }) : null,
  );
  let runs = 0;
  client.listen({ handlers: { command: () => void (runs += 1) } });
  broker.deliver(createWireMessage('m1'));
  await clock.fire(1_000);
  await expect.poll(read).toEqual(['m1', 'm1']);
  expect(runs).toBe(1);
});

test('a stream that breaks off, or falls silent, is gone on with behind the last event', async () => {
  const { client, broker, clock, read } = await setUpConnected();
  client.listen({ handlers: { '*': () => undefined } });
  broker.deliver(createWireMessage('m1'));
  await expect.poll(read).toEqual(['m1']);
  clock.pass(5_000);
  broker.endStreams();
  broker.deliver(createWireMessage('m2'));
  await expect.poll(read).toEqual(['m1', 'm2']);
  await clock.fire(45_000);
  await clock.fire(500);
  const streams = () =>
    broker.calls
      .filter(({ path }) => path === '/api/v1/messages/stream/worker-1')
      .map(({ headers }) => headers.get('last-event-id'));
  await expect.poll(streams).toEqual([null, '1', '2']);
  expect(read()).toEqual(['m1', 'm2']);
});

test('a broker that goes away and comes back finds the node listening and beating', async () => {
  const { client, broker, clock, read, events } = await setUpConnected({ maxTries: 1 });
  client.listen({ handlers: { '*': () => undefined } });
  client.startHeartbeat({ intervalMs: 60_000 });
  await expect.poll(events).toContain('messages.stream_opened');
  await expect.poll(events).toContain('heartbeat.sent');
  broker.behave(() => {
    throw new TypeError('fetch failed');
  });
  clock.pass(5_000);
  broker.endStreams();
  for (const waitMs of [500, 1_000, 2_000, 4_000]) await clock.fire(waitMs);
  await clock.fire(54_000);
  await expect.poll(() => events().filter((event) => event === 'heartbeat.failed').length).toBe(1);
  await expect.poll(() => clock.started).toContain(8_000);
  broker.deliver(createWireMessage('m1'));
  broker.behave(null);
  await clock.fire(8_000);
  await expect.poll(read).toEqual(['m1']);
  await clock.fire(500);
  await expect.poll(() => events().filter((event) => event === 'heartbeat.sent').length).toBe(2);
});

test('a poll asks past what it has in hand, and does not spin on it', async () => {
  const { client, broker, clock } = await setUpConnected();
  broker.deliver(createWireMessage('m1'));
  const { promise, resolve } = Promise.withResolvers<void>();
  client.listen({ transport: 'poll', concurrency: 2, handlers: { '*': () => promise } });
  await clock.fire(1_000);
  await expect.poll(() => clock.started.filter((ms) => ms === 1_000).length).toBe(2);
  const polls = broker.calls.filter(({ path }) => path.includes('/pending/'));
  expect(polls.map(({ query }) => query.toString())).toEqual([
    'limit=2&wait=25',
    'limit=3&wait=25',
    'limit=3&wait=25',
  ]);
  resolve();
  await client.close();
});

test('one that nobody handles is marked as read and told in the log', async () => {
  const { client, broker, read, lines } = await setUpConnected();
  client.listen({ handlers: { other: () => undefined } });
  broker.deliver(createWireMessage('m1', { message_type: 'toString' }));
  await expect.poll(read).toEqual(['m1']);
  expect(lines.find(({ event }) => event === 'message.unhandled')).toMatchObject({
    level: 'warn',
    fields: { messageId: 'm1', messageType: 'toString', fromNode: 'sender' },
  });
});

test('so many handlers run at once as are allowed', async () => {
  const { client, broker, read } = await setUpConnected();
  let running = 0;
  let most = 0;
  const gates: (() => void)[] = [];
  client.listen({
    concurrency: 3,
    handlers: {
      '*': async () => {
        running += 1;
        most = Math.max(most, running);
        await new Promise<void>((resolve) => void gates.push(resolve));
        running -= 1;
      },
    },
  });
  for (let index = 0; index < 10; index += 1) broker.deliver(createWireMessage(`m${index}`));
  await expect
    .poll(() => {
      for (const open of gates.splice(0)) open();
      return read().length;
    })
    .toBe(10);
  expect(most).toBe(3);
});

test('close lets a handler end and marks its message; one that takes too long is told by its signal', async () => {
  const quick = await setUpConnected();
  const started = Promise.withResolvers<void>();
  const ended = Promise.withResolvers<void>();
  quick.broker.deliver(createWireMessage('m1'));
  quick.client.listen({
    handlers: {
      '*': async () => {
        started.resolve();
        await ended.promise;
      },
    },
  });
  await started.promise;
  const closing = quick.client.close();
  ended.resolve();
  await closing;
  expect(quick.read()).toEqual(['m1']);

  const slow = await setUpConnected({ closeTimeoutMs: 4_000 });
  const aborted = Promise.withResolvers<void>();
  slow.broker.deliver(createWireMessage('m1'));
  let isRunning = false;
  slow.client.listen({
    handlers: {
      '*': async (_message: NodeMessage, { signal }) => {
        isRunning = true;
        signal.addEventListener('abort', () => aborted.resolve());
        await Promise.withResolvers<void>().promise;
      },
    },
  });
  await expect.poll(() => isRunning).toBe(true);
  const closingSlow = slow.client.close();
  await slow.clock.fire(4_000);
  await Promise.all([closingSlow, aborted.promise]);
  expect(slow.read()).toEqual([]);
});

test('run waits for a broker that is away, works, and ends in order with its signal', async () => {
  const { client, broker, clock, events } = setUpNode({ maxTries: 1 });
  broker.behave(refuse(503));
  const abort = new AbortController();
  const seen: string[] = [];
  const running = client.run({ handlers: { '*': ({ id }) => void seen.push(id) }, signal: abort.signal });
  await clock.fire(1_000);
  await expect.poll(() => clock.started).toContain(2_000);
  broker.behave(null);
  await clock.fire(2_000);
  await expect.poll(events).toContain('messages.stream_opened');
  broker.deliver(createWireMessage('m1'));
  await expect.poll(() => seen).toEqual(['m1']);
  await expect.poll(events).toContain('heartbeat.sent');
  abort.abort();
  await running;

  const refused = setUpNode();
  refused.broker.behave(refuse(409));
  expect(await catchError(refused.client.run({ handlers: {} }))).toMatchObject({ code: 'conflict' });
});

test('the signal that a client was made with closes it', async () => {
  const abort = new AbortController();
  const { client, connect } = setUpNode({ signal: abort.signal });
  await connect();
  const loop = client.listen({ handlers: {} });
  abort.abort();
  await loop.done;
  expect(await catchError(client.listNodes())).toMatchObject({ code: 'closed' });
});
