// On Node alone: there a signal ends the host, and a process has sockets that can be counted.
import { readdir } from 'node:fs/promises';

import { listenTo } from './support/event-stream.ts';
import { sendMessage } from './support/messages.ts';
import { start, test } from './support/node-start.ts';
import { joinNetwork, reachHost } from './support/nodes.ts';
import type { RunningProcess } from './support/processes.ts';

const MANY = 60;
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
  expect(performance.now() - toldMs).toBeLessThan(3_000);
});

test('who has gone away holds nothing', async ({ dataDir, expect }) => {
  await using running = start({ ...SIMULATED, DATA_DIR: dataDir });
  const { url, node } = await join(running, 'leave');
  const before = await countOpenFiles(running);
  const listeners = await Promise.all(Array.from({ length: MANY }, () => listenTo({ url }, node)));
  const gone = new AbortController();
  const polls = Array.from({ length: MANY }, () =>
    fetch(`${url}/api/v1/messages/pending/leave?wait=25`, {
      headers: { authorization: `Bearer ${node.token}` },
      signal: gone.signal,
    }),
  );
  await expect.poll(() => countOpenFiles(running), { timeout: 10_000 }).toBeGreaterThan(before + 1.5 * MANY);
  gone.abort();
  await Promise.allSettled([...polls, ...listeners.map((it) => it[Symbol.asyncDispose]())]);
  await expect.poll(() => countOpenFiles(running), { timeout: 10_000 }).toBeLessThan(before + 10);
  await using again = await listenTo({ url }, node);
  await sendMessage(node, ['leave'], { content: 'still' });
  expect((await again.waitFor(1)).map(({ message }) => message.content)).toEqual(['still']);
  running.child.kill('SIGINT');
  expect(await running.exited).toBe(0);
  expect(running.output()).not.toContain('failed');
});
