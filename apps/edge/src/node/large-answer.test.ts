import { once } from 'node:events';
import { createServer } from 'node:http';

import { createOpenAiProvider, type HttpSend } from '@ephemera/api';
import { test as base } from 'vitest';

import { createFetchSend } from '../http/fetch-send.ts';
import { createUndiciSend } from './undici-send.ts';

const MIB = 1_048_576;
const ANSWER_BYTES = 50_000_000;

type Flood = { url: string; sentBytes: () => number };

/** A provider whose answer is 50 MB of JSON that never closes its string. */
const test = base.extend<{ flood: Flood }>({
  // oxlint-disable-next-line no-empty-pattern -- because vitest reads the fixtures a fixture needs from its pattern
  flood: async ({}, use) => {
    let sentBytes = 0;
    const piece = Buffer.alloc(65_536, 'x');
    const server = createServer((request, response) => {
      const { socket } = request;
      socket.on('close', () => (sentBytes += socket.bytesWritten));
      let leftBytes = ANSWER_BYTES;
      const pour = (): void => {
        while (leftBytes > 0 && !socket.destroyed) {
          leftBytes -= piece.length;
          if (!response.write(piece)) return;
        }
        response.end('"}');
      };
      response.on('drain', pour);
      response.writeHead(200, { 'content-type': 'application/json' });
      response.write('{"value":"ek_');
      pour();
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('no port');
    await use({ url: `http://127.0.0.1:${address.port}`, sentBytes: () => sentBytes });
    server.closeAllConnections();
    server.close();
  },
});

const SENDERS: { name: string; open: () => { send: HttpSend; close: () => Promise<void> } }[] = [
  { name: 'undici', open: createUndiciSend },
  { name: 'fetch', open: () => ({ send: createFetchSend(fetch), close: () => Promise.resolve() }) },
];

for (const { name, open } of SENDERS)
  test(`fault 4: of an answer of 50 MB ${name} takes less than 20 MiB off the wire before it is cut off`, async ({
    flood,
    expect,
  }) => {
    const { send, close } = open();
    const provider = createOpenAiProvider({ baseUrl: flood.url, send, clock: { now: () => Date.now() } });
    const outcome = await provider.tryMint({
      key: { id: 'pkey_1', secret: 'sk-CANARY', source: 'stored' },
      ttlSeconds: 60,
      sessionJson: '{"type":"realtime"}',
      safetyIdentifier: 'c0ffee',
      timeoutMs: 10_000,
    });
    expect(outcome).toEqual({ kind: 'invalid', status: null });
    await expect.poll(flood.sentBytes).toBeGreaterThan(0);
    expect(flood.sentBytes()).toBeLessThan(20 * MIB);
    await close();
  });
