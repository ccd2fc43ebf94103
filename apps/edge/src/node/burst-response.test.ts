import { once } from 'node:events';
import { Agent, createServer, get } from 'node:http';
import { text } from 'node:stream/consumers';

import { test as base } from 'vitest';

import { createBurstResponse } from './burst-response.ts';

type Clock = { nowMs: number };
/** Answers whether the answer before this text had been ended by the time `end` came back. */
type Asker = (agent: Agent) => Promise<string>;

const test = base.extend<{ clock: Clock; agents: [Agent, Agent]; ask: Asker }>({
  // oxlint-disable-next-line no-empty-pattern -- because vitest reads the fixtures a fixture needs from its pattern
  clock: async ({}, use) => {
    await use({ nowMs: 0 });
  },
  // oxlint-disable-next-line no-empty-pattern -- because vitest reads the fixtures a fixture needs from its pattern
  agents: async ({}, use) => {
    const agents: [Agent, Agent] = [
      new Agent({ keepAlive: true, maxSockets: 1 }),
      new Agent({ keepAlive: true, maxSockets: 1 }),
    ];
    await use(agents);
    for (const agent of agents) agent.destroy();
  },
  ask: async ({ clock }, use) => {
    let wasEnded = false;
    const server = createServer(
      { ServerResponse: createBurstResponse(() => clock.nowMs) },
      (_request, response) => {
        response.end('answer');
        wasEnded = response.writableEnded;
      },
    );
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('no port');
    await use(async (agent) => {
      const response = await new Promise<Parameters<typeof text>[0]>((resolve, reject) => {
        get({ host: '127.0.0.1', port: address.port, agent }, resolve).once('error', reject);
      });
      return `${await text(response)} ${wasEnded ? 'at once' : 'with the burst'}`;
    });
    server.close();
  },
});

test('a connection is answered at once when nobody else was answered of late', async ({
  clock,
  agents: [one, other],
  ask,
  expect,
}) => {
  const told: string[] = [];
  const askAt = async (nowMs: number, agent: Agent): Promise<void> => {
    clock.nowMs = nowMs;
    told.push(`${nowMs} ${await ask(agent)}`);
  };

  await askAt(0, one);
  await askAt(50, one);
  await askAt(101, one);
  await askAt(102, other);
  await askAt(103, one);
  await askAt(203, one);
  await askAt(204, one);

  expect(told).toEqual([
    '0 answer with the burst',
    '50 answer with the burst',
    '101 answer at once',
    '102 answer with the burst',
    '103 answer with the burst',
    '203 answer with the burst',
    '204 answer at once',
  ]);
});
