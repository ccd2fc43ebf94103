import { test } from 'vitest';

import { measureDurationMs } from './media-duration.ts';

function createOgg(preSkip: number, granule: bigint): Buffer {
  const head = Buffer.alloc(28 + 19);
  head.write('OggS', 0, 'latin1');
  head.write('OpusHead', 28, 'latin1');
  head.writeUInt16LE(preSkip, 38);
  const last = Buffer.alloc(28);
  last.write('OggS', 0, 'latin1');
  last.writeBigInt64LE(granule, 6);
  return Buffer.concat([head, last]);
}

const element = (id: number[], content: number[], size = content.length): number[] => [
  ...id,
  0x40 | (size >> 8),
  size & 0xff,
  ...content,
];

/** As a browser records it: segment and clusters of unknown size, no duration in the header. */
function createWebm(clusters: { timecode: number; blocks: number[] }[]): Buffer {
  const unknownSize = [0x01, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff];
  const body = clusters.flatMap(({ timecode, blocks }) => [
    0x1f,
    0x43,
    0xb6,
    0x75,
    ...unknownSize,
    ...element([0xe7], [timecode >> 8, timecode & 0xff]),
    ...blocks.flatMap((relative) => element([0xa3], [0x81, relative >> 8, relative & 0xff, 0x80, 1, 2, 3])),
  ]);
  return Buffer.from([
    ...element([0x1a, 0x45, 0xdf, 0xa3], [1, 2]),
    0x18,
    0x53,
    0x80,
    0x67,
    ...unknownSize,
    ...body,
  ]);
}

test('Ogg Opus ends at the granule of its last page, less what is skipped', ({ expect }) => {
  expect(measureDurationMs(createOgg(312, 144_312n))).toBe(3_000);
});

test('WebM ends with its last block', ({ expect }) => {
  const bytes = createWebm([
    { timecode: 0, blocks: [0, 20, 40] },
    { timecode: 1_000, blocks: [0, 980] },
  ]);
  expect(measureDurationMs(bytes)).toBe(2_000);
});

test('what is neither has no length', ({ expect }) => {
  expect(measureDurationMs(Buffer.from('just some text'))).toBeNull();
  expect(measureDurationMs(Buffer.alloc(0))).toBeNull();
  expect(measureDurationMs(Buffer.from('OggS and nothing else'))).toBeNull();
});
