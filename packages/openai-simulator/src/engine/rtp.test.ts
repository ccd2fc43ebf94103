import { test } from 'vitest';

import { parseRtp, writeRtp } from './rtp.ts';

test('a written packet is read back and the stream moves on, over both of its ends', ({ expect }) => {
  const stream = { ssrc: 0xdeadbeef, payloadType: 111, sequence: 0xffff, timestamp: 0xffff_ffff };
  const packet = writeRtp(stream, Uint8Array.of(1, 2, 3), { isTalkStart: true, durationTicks: 960 });
  expect(parseRtp(packet)).toEqual({
    payloadType: 111,
    sequence: 0xffff,
    timestamp: 0xffff_ffff,
    payload: Buffer.from([1, 2, 3]),
  });
  expect(stream).toMatchObject({ sequence: 0, timestamp: 959 });
});

test('header extensions, contributors and padding are left out of the payload', ({ expect }) => {
  const head = [0xb1, 111, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3];
  const contributor = [0, 0, 0, 9];
  const extension = [0xbe, 0xde, 0, 1, 7, 7, 7, 7];
  const packet = Buffer.from([...head, ...contributor, ...extension, 42, 43, 0, 2]);
  expect(parseRtp(packet)?.payload).toEqual(Buffer.from([42, 43]));
});

test.for([
  ['a report', [0x80, 200, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3]],
  ['a short packet', [0x80, 111, 0]],
  ['another version', [0x40, 111, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3]],
  ['an extension beyond the end', [0x90, 111, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3]],
  ['padding beyond the end', [0xa0, 111, 0, 1, 0, 0, 0, 2, 0, 0, 0, 255]],
] as const)('%s is no sound', ([, bytes], { expect }) => {
  expect(parseRtp(Buffer.from(bytes))).toBeNull();
});
