import { expect, test } from 'vitest';

import { readServerEvents, type ServerEvent } from '../src/nodes/server-events.ts';

async function readAll(chunks: readonly string[]): Promise<ServerEvent[]> {
  const encoded = chunks.map((chunk) => new TextEncoder().encode(chunk));
  return await readBytes(encoded);
}

async function readBytes(chunks: readonly Uint8Array<ArrayBuffer>[]): Promise<ServerEvent[]> {
  const body = new ReadableStream<Uint8Array<ArrayBuffer>>({
    start(controller) {
      for (const chunk of chunks) controller.enqueue(chunk);
      controller.close();
    },
  });
  const events: ServerEvent[] = [];
  for await (const event of readServerEvents(body, (read) => read)) events.push(event);
  return events;
}

const ONE = { id: '7', event: 'message', data: '{"a":1}' };

test.each([
  ['plain', ': open\n\nid: 7\nevent: message\ndata: {"a":1}\n\n'],
  ['CRLF', ': open\r\n\r\nid: 7\r\nevent: message\r\ndata: {"a":1}\r\n\r\n'],
  ['CR', 'id: 7\revent: message\rdata: {"a":1}\r\r: end'],
  ['without a blank, and with fields of nobody', 'id:7\nretry: 1000\nx\ndata:{"a":1}\n\n'],
])('an event is read: %s', async (_name, text) => {
  expect(await readAll([text])).toEqual([ONE]);
});

test('wherever the pieces are cut, in the middle of a character as well', async () => {
  const bytes = new TextEncoder().encode('id: 7\ndata: "𝄞"\n\nid: 8\ndata: 1\ndata: 2\n\n');
  const whole = [
    { id: '7', event: 'message', data: '"𝄞"' },
    { id: '8', event: 'message', data: '1\n2' },
  ];
  for (let at = 0; at <= bytes.length; at += 1) {
    expect(await readBytes([bytes.slice(0, at), bytes.slice(at)])).toEqual(whole);
  }
  expect(await readBytes(Array.from(bytes, (byte) => Uint8Array.of(byte)))).toEqual(whole);
});

test('what has no data, or no end, is no event', async () => {
  expect(await readAll(['id: 7\n\nevent: x\n\n', 'data: unfinished'])).toEqual([]);
});

test('a stream without line ends is given up', async () => {
  const piece = 'x'.repeat(1_048_576);
  await expect(readAll([piece, piece, piece])).rejects.toThrow('too long');
});
