import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import { test as base } from 'vitest';

import { createPatientFetch } from './patient-fetch.ts';

type Answer = { status: number; body: string } | 'silence' | 'half';

const test = base.extend<{ serve: (answers: Answer[]) => Promise<string> }>({
  // oxlint-disable-next-line no-empty-pattern -- because vitest reads the fixtures a fixture needs from its pattern
  serve: async ({}, use) => {
    const opened: ReturnType<typeof createServer>[] = [];
    await use(async (answers) => {
      const server = createServer((_, response) => {
        const answer = answers.shift() ?? 'silence';
        if (answer === 'half') response.write('{');
        else if (answer !== 'silence') response.writeHead(answer.status).end(answer.body);
      });
      opened.push(server);
      await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- because a TCP server has an address of this kind
      return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    });
    for (const server of opened) {
      server.closeAllConnections();
      server.close();
    }
  },
});

test('a server that stands still is given up', async ({ serve, expect }) => {
  const url = await serve(['silence']);
  await expect(createPatientFetch(50)(new Request(url))).rejects.toMatchObject({
    name: 'DatabaseOutageError',
    cause: { name: 'TimeoutError' },
  });
});

test('one that stands still in the middle of its answer as well', async ({ serve, expect }) => {
  const url = await serve(['half']);
  await expect(createPatientFetch(200)(new Request(url))).rejects.toMatchObject({
    name: 'DatabaseOutageError',
    cause: { name: 'TimeoutError' },
  });
});

test('one that cannot serve is told apart from one that refuses', async ({ serve, expect }) => {
  const url = await serve([
    { status: 503, body: '{"message":"Service Unavailable"}' },
    { status: 401, body: '{"error":"Unauthorized"}' },
  ]);
  await expect(createPatientFetch()(new Request(url))).rejects.toMatchObject({
    name: 'DatabaseOutageError',
    message: 'The database server answered 503.',
  });
  const refused = await createPatientFetch()(new Request(url));
  expect([refused.status, await refused.text()]).toEqual([401, '{"error":"Unauthorized"}']);
});

test('one that has no connection to spare is asked again, with the same body', async ({ serve, expect }) => {
  const url = await serve([
    { status: 429, body: 'busy' },
    { status: 200, body: 'done' },
  ]);
  const request = new Request(url, { method: 'POST', body: 'select 1' });
  expect(await (await createPatientFetch()(request)).text()).toBe('done');
});
