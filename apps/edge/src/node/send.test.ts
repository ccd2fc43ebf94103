import { once } from 'node:events';
import { createServer } from 'node:http';

import { type HttpSend, ResponseTooLargeError } from '@ephemera/api';
import { test as base } from 'vitest';

import { createFetchSend } from '../http/fetch-send.ts';
import { createUndiciSend } from './undici-send.ts';

type Server = { url: string };

/** Answers `/declared` and `/chunked` with 1000 bytes, `/redirect` with another address, `/hang` with nothing. */
const test = base.extend<{ server: Server }>({
  // oxlint-disable-next-line no-empty-pattern -- because vitest reads the fixtures a fixture needs from its pattern
  server: async ({}, use) => {
    const server = createServer((request, response) => {
      const body = 'x'.repeat(1_000);
      if (request.url === '/declared') response.writeHead(200, { 'content-length': '1000' }).end(body);
      else if (request.url === '/chunked') {
        response.write(body.slice(0, 500));
        response.end(body.slice(500));
      } else if (request.url === '/redirect') response.writeHead(302, { location: '/declared' }).end();
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('no port');
    await use({ url: `http://127.0.0.1:${address.port}` });
    server.close();
    server.closeAllConnections();
  },
});

const get = (send: HttpSend, url: string, signal = new AbortController().signal) =>
  send({ method: 'GET', url, headers: {}, signal });

const SENDERS: { name: string; open: () => { send: HttpSend; close: () => Promise<void> } }[] = [
  { name: 'undici', open: createUndiciSend },
  { name: 'fetch', open: () => ({ send: createFetchSend(fetch), close: () => Promise.resolve() }) },
];

for (const { name, open } of SENDERS) {
  for (const path of ['/declared', '/chunked']) {
    test(`${name} reads ${path} up to the limit and not beyond`, async ({ server, expect }) => {
      const { send, close } = open();
      expect(await (await get(send, server.url + path)).text(1_000)).toHaveLength(1_000);
      const tooLong = await get(send, server.url + path);
      await expect(tooLong.text(999)).rejects.toThrow(ResponseTooLargeError);
      await close();
    });
  }

  test(`${name} answers many at once, beside one that hangs and one that was given up before`, async ({
    server,
    expect,
  }) => {
    const { send, close } = open();
    const patience = new AbortController();
    const hung = get(send, `${server.url}/hang`, patience.signal);
    const givenUp = get(send, `${server.url}/declared`, AbortSignal.abort());
    const texts = Array.from({ length: 100 }, async () =>
      (await get(send, `${server.url}/declared`)).text(1_000),
    );
    await expect(givenUp).rejects.toThrow();
    expect((await Promise.all(texts)).map((text) => text.length)).toEqual(texts.map(() => 1_000));
    patience.abort();
    await expect(hung).rejects.toThrow();
    await close();
  });

  test(`${name} hands a redirect back instead of following it`, async ({ server, expect }) => {
    const { send, close } = open();
    const response = await get(send, `${server.url}/redirect`);
    expect(response.status).toBe(302);
    expect(response.headers.get('location')).toBe('/declared');
    await response.text(100);
    await close();
  });

  test(`${name} lets go of the connection when the signal aborts`, async ({ server, expect }) => {
    const { send, close } = open();
    const controller = new AbortController();
    const pending = get(send, `${server.url}/hang`, controller.signal);
    setImmediate(() => {
      controller.abort();
    });
    await expect(pending).rejects.toThrow(/abort/i);
    await close();
  });
}
