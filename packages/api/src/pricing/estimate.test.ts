import { test } from 'vitest';

import { MODELS } from '../models/registry.ts';
import { estimateMicroUsd, worstCaseMicroUsd } from './estimate.ts';

const AT = Date.UTC(2026, 10, 22);
const FLAGSHIP = 'gpt-realtime-2.1';

test('the first turn can be worked out by hand', ({ expect }) => {
  // Ten seconds: 100 tokens in at 32, 200 out at 64, 50 of text at 24, and a transcription of ten seconds.
  const speech = 100 * 32 + 200 * 64 + 50 * 24;
  expect(worstCaseMicroUsd(FLAGSHIP, 10, AT)).toBe(speech + Math.round((10 * 17_000) / 60));
  // Half of it each: nobody is transcribed.
  expect(estimateMicroUsd(FLAGSHIP, 10, AT)).toBe(speech / 2);
});

test('the second turn sends the first one again', ({ expect }) => {
  const second = 100 * 32 + 200 * 64 + 50 * 24 + 200 * 32 + 100 * 0.4 - 100 * 0.4;
  const first = 100 * 32 + 200 * 64 + 50 * 24;
  const context = 100 * 0.4;
  expect(worstCaseMicroUsd(FLAGSHIP, 20, AT)).toBe(first + second + context + Math.round((20 * 17_000) / 60));
});

/** What the turn costs that begins at this second. */
function perTurn(model: string, seconds: number): number {
  return (worstCaseMicroUsd(model, seconds + 10, AT) ?? 0) - (worstCaseMicroUsd(model, seconds, AT) ?? 0);
}

test('what is sent again never exceeds what the model can hold', ({ expect }) => {
  expect(perTurn('gpt-realtime-1.5', 3_000)).toBe(perTurn('gpt-realtime-1.5', 2_000));
  expect(perTurn(FLAGSHIP, 3_000)).toBeGreaterThan(perTurn(FLAGSHIP, 2_000));
});

test('both rise with the length, and the estimate stays below the worst case', ({ expect }) => {
  for (const { id, prices } of MODELS) {
    let before = { worst: 0, usual: 0 };
    for (const seconds of [1, 9.5, 60, 600, 1_800, 3_600]) {
      const worst = worstCaseMicroUsd(id, seconds, AT);
      const usual = estimateMicroUsd(id, seconds, AT);
      if (prices.length === 0) {
        expect([worst, usual], id).toEqual([null, null]);
        continue;
      }
      expect(Number.isSafeInteger(worst) && Number.isSafeInteger(usual), id).toBe(true);
      expect(usual, id).toBeGreaterThan(before.usual);
      expect(worst, id).toBeGreaterThan(before.worst);
      expect(usual, id).toBeLessThanOrEqual(worst ?? 0);
      before = { worst: worst ?? 0, usual: usual ?? 0 };
    }
  }
});

test('half an hour of the flagship is between two and ten dollars', ({ expect }) => {
  expect(worstCaseMicroUsd(FLAGSHIP, 1_800, AT)).toBeLessThan(10_000_000);
  expect(estimateMicroUsd(FLAGSHIP, 1_800, AT)).toBeGreaterThan(2_000_000);
});

test('nothing costs nothing; a length without sense and an unknown model have no answer', ({ expect }) => {
  expect([worstCaseMicroUsd(FLAGSHIP, 0, AT), estimateMicroUsd(FLAGSHIP, -5, AT)]).toEqual([0, 0]);
  expect(worstCaseMicroUsd(FLAGSHIP, Number.NaN, AT)).toBeNull();
  expect(worstCaseMicroUsd('gpt-99', 60, AT)).toBeNull();
});
