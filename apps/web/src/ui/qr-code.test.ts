import { test } from 'vitest';

import { createQrCode } from './qr-code.ts';

const HI = `
#######....##.#######
#.....#.####..#.....#
#.###.#...###.#.###.#
#.###.#..#.#..#.###.#
#.###.#.#####.#.###.#
#.....#..#.#..#.....#
#######.#.#.#.#######
..........#..........
#.#.#.#..##.#...#..#.
#.##......##.#.#.####
....#.###.##.###.####
..#.##.#.#.###.###.#.
##.#..#.####.###..#..
........#.....#...###
#######..#..#...#..##
#.....#..##...#...###
#.###.#.###.#.#.#.#.#
#.###.#..###.#.#.#.#.
#.###.#.####.###.##.#
#.....#..#####.###.#.
#######.##.#.###.####
`;

const print = (text: string) =>
  createQrCode(text)
    ?.map((row) => row.map((isDark) => (isDark ? '#' : '.')).join(''))
    .join('\n');

/** FNV-1a: a number that a wrong module anywhere changes. */
function sum(text: string): number {
  let hash = 0x811c9dc5;
  for (const char of print(text) ?? '') hash = Math.imul(hash ^ char.charCodeAt(0), 0x01000193) >>> 0;
  return hash;
}

// Each of these was read back by a reader of another make (jsQR 1.4.0) when it was written down.
test('a short text is drawn as a reader reads it', ({ expect }) => {
  expect(print('hi')).toBe(HI.trim());
});

test.for([
  [14, 21],
  [15, 25],
  [122, 45],
  [123, 49],
  [213, 57],
])('%i bytes need %i modules a side', ([length, size], { expect }) => {
  expect(createQrCode('x'.repeat(length ?? 0))).toHaveLength(size ?? 0);
});

test.for([
  [122, 3655176735],
  [213, 3858819459],
])(
  'the code of %i bytes, with its version and several blocks, is what a reader read',
  ([length, known], { expect }) => {
    expect(sum('x'.repeat(length ?? 0))).toBe(known);
  },
);

test('a text that does not fit has no code', ({ expect }) => {
  expect(createQrCode('x'.repeat(214))).toBeNull();
});
