// On Node alone: there a signal ends the host, and a process has sockets that can be counted.
import { readdir } from 'node:fs/promises';
import { type ClientRequest, get } from 'node:http';

import { listenTo } from './support/event-stream.ts';
import { sendMessage } from './support/messages.ts';
import { start, test } from './support/node-start.ts';
import { joinNetwork, reachHost } from './support/nodes.ts';
import type { RunningProcess } from './support/processes.ts';

/** So many may wait for one node, whatever for; some more come, and are refused. */
const MAX_WAITING = 64;
const MANY = 40;
const SIMULATED = {
  NODE_REGISTRATION: 'open',
  OPENAI_API_KEY: 'sk-nobody-is-asked',
  OPENAI_BASE_URL: 'http://127.0.0.1:9/v1',
};

async function countOpenFiles({ child }: RunningProcess): Promise<number> {
  return (await readdir(`/proc/${child.pid ?? 0}/fd`)).length;
}

async function join(running: RunningProcess, id: string) {
  const output = await running.waitFor(/"listening":"(http:[^"]+)"/);
  const url = /"listening":"(http:[^"]+)"/.exec(output)?.[1] ?? '';
  return { url, node: await joinNetwork(reachHost(url), id) };
}

test('told to end, the host lets go whoever waits, and ends', async ({ dataDir, expect }) => {
  await using running = start({ ...SIMULATED, DATA_DIR: dataDir });
  const { url, node } = await join(running, 'drain');
  await using listener = await listenTo({ url }, node);
  const poll = node.send('GET', '/api/v1/messages/pending/drain?wait=25');
  await node.send('GET', '/api/v1/messages/pending/drain');
  const toldMs = performance.now();
  running.child.kill('SIGINT');
  const answer = await poll;
  expect([answer.status, await answer.json()]).toEqual([200, { messages: [] }]);
  await listener.ended;
  expect(listener.text()).toBe(': open\nretry: 1000\n\n');
  expect(await running.exited).toBe(0);
  expect(performance.now() - toldMs).toBeLessThan(4_500);
});

/** Requests that are let stand; `fetch` closes in its own time. */
function askMany(urls: readonly string[], token: string) {
  const refused: string[] = [];
  const requests = urls.map((url) => {
    const request: ClientRequest = get(url, { agent: false, headers: { authorization: `Bearer ${token}` } });
    // It ends by being destroyed, which is how it is meant to end.
    request.on('error', () => undefined);
    request.on('response', (response) => {
      if (response.statusCode === 429) refused.push(url);
      response.resume();
    });
    return request;
  });
  const leave = (): void => {
    for (const request of requests) request.destroy();
  };
  return { refused, leave };
}

test('who has gone away holds nothing', async ({ dataDir, expect }) => {
  await using running = start({ ...SIMULATED, DATA_DIR: dataDir });
  const { url, node } = await join(running, 'leave');
  const before = await countOpenFiles(running);
  const read = async (query = ''): Promise<number> => {
    const answer = await node.send('GET', `/api/v1/messages/pending/leave${query}`);
    await answer.body?.cancel();
    return answer.status;
  };
  const urls = Array.from(
    { length: 2 * MANY },
    (_, index) => `${url}/api/v1/messages/${index < MANY ? 'stream/leave' : 'pending/leave?wait=25'}`,
  );
  const { refused: tooMany, leave } = askMany(urls, node.token);
  await expect.poll(() => tooMany.length, { timeout: 20_000 }).toBe(2 * MANY - MAX_WAITING);
  expect(await read('?wait=0.1')).toBe(429);
  expect(await countOpenFiles(running)).toBeGreaterThanOrEqual(before + MAX_WAITING - 4);
  const refused = await node.send('GET', '/api/v1/messages/stream/leave');
  expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '1']);
  await refused.body?.cancel();
  expect(await read()).toBe(200);
  leave();
  await expect.poll(() => read('?wait=0.1'), { timeout: 10_000 }).toBe(200);
  await expect.poll(() => countOpenFiles(running), { timeout: 10_000 }).toBeLessThan(before + 10);
  await using again = await listenTo({ url }, node);
  await sendMessage(node, ['leave'], { content: 'still' });
  expect((await again.waitFor(1)).map(({ message }) => message.content)).toEqual(['still']);
  running.child.kill('SIGINT');
  expect(await running.exited).toBe(0);
  expect(running.output()).not.toContain('failed');
});
