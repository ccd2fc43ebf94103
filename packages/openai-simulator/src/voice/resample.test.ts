import { test } from 'vitest';

import { createSpeech, measureRms } from '../../test/support/sound.ts';
import { decodeG711, encodeG711 } from './g711.ts';
import { resample } from './resample.ts';
import { trimSilence } from './trim.ts';

const tone = (hertz: number, rate: number): Int16Array =>
  Int16Array.from({ length: rate }, (_, index) =>
    Math.round(10_000 * Math.sin((2 * Math.PI * hertz * index) / rate)),
  );

function measureError(left: Int16Array, right: Int16Array): number {
  const middle = left.slice(1_000, -1_000).map((sample, index) => sample - (right[index + 1_000] ?? 0));
  return measureRms(middle) / measureRms(left);
}

test('a tone keeps its pitch and its strength from 16 to 24 kHz', ({ expect }) => {
  const changed = resample(tone(440, 16_000), 16_000, 24_000);
  expect(changed).toHaveLength(24_000);
  expect(measureError(tone(440, 24_000), changed)).toBeLessThan(0.01);
});

test('what the lower rate cannot hold is taken away, not folded back', ({ expect }) => {
  const low = resample(tone(6_000, 24_000), 24_000, 8_000);
  expect(measureRms(low)).toBeLessThan(measureRms(tone(6_000, 24_000)) / 30);
});

test('an unchanged rate is an unchanged sound', ({ expect }) => {
  const sound = tone(440, 24_000);
  expect(resample(sound, 24_000, 24_000)).toBe(sound);
});

test.for(['audio/pcmu', 'audio/pcma'] as const)('%s comes back within its coarseness', (law, { expect }) => {
  const speech = createSpeech(500);
  expect(measureError(speech, decodeG711(encodeG711(speech, law), law))).toBeLessThan(0.03);
});

test('known codes of both laws', ({ expect }) => {
  expect([...encodeG711(Int16Array.of(0, -1, 32_767, -32_768), 'audio/pcmu')]).toEqual([
    0xff, 0x7f, 0x80, 0x00,
  ]);
  expect([...encodeG711(Int16Array.of(0, 32_767, -32_768), 'audio/pcma')]).toEqual([0xd5, 0xaa, 0x2a]);
});

test('silence around a voice is cut but for a margin', ({ expect }) => {
  const padded = Int16Array.from([
    ...new Int16Array(5_000),
    ...tone(440, 24_000),
    ...new Int16Array(5_000).fill(3),
  ]);
  const trimmed = trimSilence(padded);
  expect(trimmed.length).toBeGreaterThan(24_000);
  expect(trimmed.length).toBeLessThan(24_600);
});
