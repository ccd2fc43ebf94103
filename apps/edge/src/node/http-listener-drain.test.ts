import { once } from 'node:events';
import { Agent, get, type IncomingMessage, type ServerResponse } from 'node:http';
import { connect } from 'node:net';

import { test as base } from 'vitest';

import { type HttpListener, openHttpListener, type RequestHandler } from './http-listener.ts';

const GRACE_MS = 5_000;

/** Answers `/held` when it is told to, and everything else at once. */
function createHandler() {
  const held = Promise.withResolvers<ServerResponse>();
  const handler: RequestHandler = async (request: IncomingMessage, response: ServerResponse) => {
    if (request.url === '/begun') response.write('begun');
    if (request.url === '/') response.end('ok');
    else held.resolve(response);
  };
  return { handler, held: held.promise };
}

type Client = { url: string; agent: Agent; ask: (path: string) => Promise<IncomingMessage> };
type Fixtures = { held: Promise<ServerResponse>; listener: HttpListener; client: Client };

const test = base.extend<{ parts: Fixtures }>({
  // oxlint-disable-next-line no-empty-pattern -- because vitest reads the fixtures a fixture needs from its pattern
  parts: async ({}, use) => {
    const { handler, held } = createHandler();
    const listener = await openHttpListener({ host: '127.0.0.1', port: 0 });
    listener.serve(handler);
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const ask = async (path: string) => {
      const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
      get(`${listener.url}${path}`, { agent }, resolve).once('error', reject);
      return await promise;
    };
    await use({ held, listener, client: { url: listener.url, agent, ask } });
    agent.destroy();
    await listener.close(0);
  },
});

async function finish(response: IncomingMessage): Promise<void> {
  response.resume();
  await once(response, 'end');
}

async function measure(promise: Promise<void>): Promise<number> {
  const startedAt = performance.now();
  await promise;
  return performance.now() - startedAt;
}

test('a request that comes over an idle connection right after the end is answered, as its last', async ({
  parts: { listener, client },
  expect,
}) => {
  await finish(await client.ask('/'));
  const closing = measure(listener.close(GRACE_MS));

  const response = await client.ask('/');
  await finish(response);

  expect([response.statusCode, response.headers.connection]).toEqual([200, 'close']);
  expect(await closing).toBeLessThan(GRACE_MS / 2);
  await expect(client.ask('/')).rejects.toThrow('ECONNREFUSED');
});

test('connections that are idle, or never said anything, are closed long before the limit', async ({
  parts: { listener, client },
  expect,
}) => {
  await finish(await client.ask('/'));
  const silent = connect(Number(new URL(client.url).port), '127.0.0.1');
  await once(silent, 'connect');
  silent.resume();

  expect(await measure(listener.close(GRACE_MS))).toBeLessThan(GRACE_MS / 2);
  silent.destroy();
});

for (const path of ['/held', '/begun'])
  test(`a request under way is finished and its connection closed then (${path})`, async ({
    parts: { listener, client, held },
    expect,
  }) => {
    const asking = client.ask(path);
    const response = await held;
    const closing = listener.close(GRACE_MS);
    // Longer than idle connections are left open.
    await new Promise((resolve) => void setTimeout(resolve, 400));
    response.end('done');
    const endedAt = performance.now();

    const answer = await asking;
    await finish(answer);

    expect(answer.statusCode).toBe(200);
    await closing;
    expect(performance.now() - endedAt).toBeLessThan(GRACE_MS / 2);
  });

test('what is not finished by the limit is cut', async ({ parts: { listener, client, held }, expect }) => {
  const asking = client.ask('/held');
  const cut = expect(asking).rejects.toThrow('socket hang up');
  await held;

  await listener.close(50);
  await cut;
});
