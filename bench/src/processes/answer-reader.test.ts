import { test } from 'vitest';

import { readAnswer } from './answer-reader.ts';

const head = (lines: readonly string[]): string => `HTTP/1.1 200 OK\r\n${lines.join('\r\n')}\r\n\r\n`;

test('waits until the announced length has arrived', ({ expect }) => {
  const whole = Buffer.from(`${head(['Content-Length: 5'])}hello`);
  for (let length = 0; length < whole.length; length += 1) {
    expect(readAnswer(whole.subarray(0, length), true)).toBeNull();
  }
  expect(readAnswer(whole, true)).toEqual({ status: 200, body: 'hello' });
});

test('joins the chunks of a chunked answer and waits for the last one', ({ expect }) => {
  const start = `${head(['transfer-encoding: chunked'])}3\r\n{"a\r\n4\r\n":1}\r\n`;
  expect(readAnswer(Buffer.from(start), true)).toBeNull();
  expect(readAnswer(Buffer.from(`${start}0\r\n\r\n`), true)).toEqual({ status: 200, body: '{"a":1}' });
});

test('keeps the body of a refusal even when bodies are not wanted', ({ expect }) => {
  const refusal = Buffer.from('HTTP/1.1 429 Too Many Requests\r\ncontent-length: 4\r\n\r\nslow');
  expect(readAnswer(refusal, false)).toEqual({ status: 429, body: 'slow' });
});

test('does not copy the body of a success that nobody wants', ({ expect }) => {
  expect(readAnswer(Buffer.from(`${head(['content-length: 5'])}hello`), false)).toEqual({
    status: 200,
    body: '',
  });
});
