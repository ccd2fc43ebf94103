import { expect, test } from 'vitest';

import { createWireKey } from './support/fake-key-server.ts';
import { setUp } from './support/set-up.ts';

async function readFirstReport({ client, server }: ReturnType<typeof setUp>) {
  await client.flush();
  return server.posts()[0]?.reports[0];
}

const CUT = (start: string): Response['body'] =>
  new ReadableStream<Uint8Array<ArrayBuffer>>({
    start: (stream) => {
      stream.enqueue(new TextEncoder().encode(start));
    },
    pull: (stream) => {
      stream.error(new TypeError('socket hang up'));
    },
  });
const ENDLESS = (start: string): Response['body'] =>
  new ReadableStream<Uint8Array<ArrayBuffer>>({
    start: (stream) => {
      stream.enqueue(new TextEncoder().encode(start));
    },
  });
const FLOOD = (): Response['body'] =>
  new ReadableStream<Uint8Array<ArrayBuffer>>({
    pull: (stream) => {
      stream.enqueue(new Uint8Array(1_024).fill(32));
    },
  });

test.each([
  { name: 'returned 429, cut', isThrown: false, status: 429, body: CUT, reported: 'rate_limit_exceeded' },
  { name: 'thrown 401, cut', isThrown: true, status: 401, body: CUT, reported: 'invalid_api_key' },
  {
    name: 'returned 429 without end',
    isThrown: false,
    status: 429,
    body: ENDLESS,
    reported: 'rate_limit_exceeded',
  },
  {
    name: 'returned 429 of ever more',
    isThrown: false,
    status: 429,
    body: FLOOD,
    reported: 'rate_limit_exceeded',
  },
])('a body that cannot be read whole ($name): the status decides', async (given) => {
  const parts = setUp();
  const used: string[] = [];
  const response = new Response(given.body('{"error":'), { status: given.status });
  const call = parts.client.withApiKey('gemini', ({ id }) => {
    used.push(id);
    if (used.length > 1) return 'answer';
    if (given.isThrown) throw response;
    return response;
  });
  await parts.clock.advance(1_000);

  expect(await call).toBe('answer');
  expect(used).toEqual(['k1', 'k2']);
  expect(await readFirstReport(parts)).toMatchObject({ keyId: 'k1', success: false, error: given.reported });
});

test("a Response whose body is cut, or is being read, is the caller's as it is", async () => {
  const parts = setUp();
  const cut = new Response(CUT('{'), { status: 403 });
  expect(await parts.client.withApiKey('gemini', () => cut)).toBe(cut);
  await expect(cut.text()).rejects.toThrow('socket hang up');

  const isBeingRead = new Response('{}', { status: 403 });
  isBeingRead.body?.getReader();
  expect(await parts.client.withApiKey('gemini', () => isBeingRead)).toBe(isBeingRead);
});

test('a code that has arrived counts, although the body does not end', async () => {
  const parts = setUp({}, [createWireKey('k1')]);
  const response = new Response(ENDLESS('{"error":{"code":"insufficient_quota"}}'), { status: 429 });
  const call = parts.client.withApiKey('gemini', () => response);
  await parts.clock.advance(1_000);

  expect(await call).toBe(response);
  expect(await readFirstReport(parts)).toMatchObject({ error: 'insufficient_quota' });
});
