import { realtimeUsageSchema, transcriptionUsageSchema } from '@ephemera/realtime-protocol';
import { test } from 'vitest';

import { readUsage } from './amounts.ts';
import { findPrices, pricesAt } from './find-prices.ts';
import { leastMicroUsd } from './least-cost.ts';
import { listCostLines, priceUsage } from './price-usage.ts';

const AT = Date.UTC(2026, 10, 22);
const FLAGSHIP = 'gpt-realtime-2.1';

/** A body of `response.done` as the provider sends it: the third turn of a talk. */
const RESPONSE = realtimeUsageSchema.parse({
  total_tokens: 253,
  input_tokens: 132,
  output_tokens: 121,
  input_token_details: {
    text_tokens: 119,
    audio_tokens: 13,
    image_tokens: 0,
    cached_tokens: 64,
    cached_tokens_details: { text_tokens: 64, audio_tokens: 0, image_tokens: 0 },
  },
  output_token_details: { text_tokens: 30, audio_tokens: 91 },
});

function response(usage: object) {
  return realtimeUsageSchema.parse(usage);
}

function heard(usage: object) {
  return transcriptionUsageSchema.parse(usage);
}

test('a response is priced by kind of token, the cached ones out of the input', ({ expect }) => {
  // (119 - 64) × 4 + 64 × 0.4 + 13 × 32 + 30 × 24 + 91 × 64
  expect(priceUsage(FLAGSHIP, RESPONSE, AT)).toEqual({
    microUsd: Math.round(220 + 25.6 + 416 + 720 + 5_824),
    priceVersion: '2026-11-21',
  });
  expect(listCostLines(FLAGSHIP, readUsage(RESPONSE).amounts, AT)).toEqual([
    { modality: 'text', direction: 'input', quantity: 55, unit: 'tokens', microUsd: 220 },
    { modality: 'text', direction: 'cached', quantity: 64, unit: 'tokens', microUsd: 26 },
    { modality: 'text', direction: 'output', quantity: 30, unit: 'tokens', microUsd: 720 },
    { modality: 'audio', direction: 'input', quantity: 13, unit: 'tokens', microUsd: 416 },
    { modality: 'audio', direction: 'output', quantity: 91, unit: 'tokens', microUsd: 5_824 },
  ]);
});

test('reasoning tokens are part of the output and are not counted again', ({ expect }) => {
  const details = { text_tokens: 30, audio_tokens: 91, reasoning_tokens: 20 };
  const withReasoning = response({ ...RESPONSE, output_token_details: details });
  expect(priceUsage(FLAGSHIP, withReasoning, AT)).toEqual(priceUsage(FLAGSHIP, RESPONSE, AT));
});

test('an event is rounded once, half up', ({ expect }) => {
  const usage = (cached: number) =>
    response({
      input_token_details: {
        audio_tokens: cached,
        text_tokens: cached,
        cached_tokens_details: { audio_tokens: cached, text_tokens: cached },
      },
      output_token_details: {},
    });
  // Of the mini: 0.3 + 0.06 a token. Each part rounded by itself would be 0 + 0, and 2 + 0.
  expect(priceUsage('gpt-realtime-2.1-mini', usage(1), AT).microUsd).toBe(0);
  expect(priceUsage('gpt-realtime-2.1-mini', usage(5), AT).microUsd).toBe(2);
  const half = response({
    input_token_details: { text_tokens: 1, cached_tokens: 0 },
    output_token_details: {},
  });
  expect(priceUsage('gpt-4o-mini-transcribe', half, AT).microUsd).toBe(1);
  expect(priceUsage('gpt-4o-transcribe', half, AT).microUsd).toBe(3);
});

test('images are priced as images', ({ expect }) => {
  const usage = response({
    input_tokens: 1_100,
    output_tokens: 0,
    input_token_details: {
      image_tokens: 1_100,
      cached_tokens: 100,
      cached_tokens_details: { image_tokens: 100 },
    },
  });
  expect(priceUsage(FLAGSHIP, usage, AT).microUsd).toBe(1_000 * 5 + 50);
});

for (const [what, usage] of Object.entries({
  'nothing at all': {},
  'totals without details': { total_tokens: 20, input_tokens: 10, output_tokens: 10 },
  'input details that leave tokens out': {
    ...RESPONSE,
    input_token_details: { text_tokens: 100, audio_tokens: 13 },
  },
  'output details that leave tokens out': { ...RESPONSE, output_token_details: { text_tokens: 30 } },
  'no output details': { ...RESPONSE, output_token_details: undefined },
  'cached tokens of an unknown kind in a mixed input': {
    ...RESPONSE,
    input_token_details: { text_tokens: 119, audio_tokens: 13, cached_tokens: 64 },
  },
  'more cached tokens than input': {
    ...RESPONSE,
    input_token_details: {
      text_tokens: 119,
      audio_tokens: 13,
      cached_tokens: 20,
      cached_tokens_details: { audio_tokens: 20 },
    },
  },
  'cached details that do not add up': {
    ...RESPONSE,
    input_token_details: {
      text_tokens: 119,
      audio_tokens: 13,
      cached_tokens: 64,
      cached_tokens_details: { text_tokens: 10 },
    },
  },
})) {
  test(`${what}: the cost is unknown, not zero`, ({ expect }) => {
    expect(readUsage(response(usage)).isComplete).toBe(false);
    expect(priceUsage(FLAGSHIP, response(usage), AT)).toEqual({ microUsd: null, priceVersion: '2026-11-21' });
  });
}

function halfCached(kind: string) {
  return response({
    input_tokens: 100,
    output_tokens: 0,
    input_token_details: { [kind]: 100, cached_tokens: 50 },
  });
}

test('cached tokens without details belong to the only kind there is', ({ expect }) => {
  expect(priceUsage(FLAGSHIP, halfCached('text_tokens'), AT).microUsd).toBe(50 * 4 + 20);
  expect(priceUsage(FLAGSHIP, halfCached('audio_tokens'), AT).microUsd).toBe(50 * 32 + 20);
  expect(priceUsage(FLAGSHIP, halfCached('image_tokens'), AT).microUsd).toBe(50 * 5 + 25);
});

test('a response that was cancelled before it used anything costs nothing, and that is known', ({
  expect,
}) => {
  const usage = response({
    total_tokens: 0,
    input_tokens: 0,
    output_tokens: 0,
    input_token_details: { text_tokens: 0, audio_tokens: 0, cached_tokens: 0 },
    output_token_details: { text_tokens: 0, audio_tokens: 0 },
  });
  expect(priceUsage(FLAGSHIP, usage, AT).microUsd).toBe(0);
});

test('a transcription is priced by tokens or by time, as its model is sold', ({ expect }) => {
  const tokens = heard({
    type: 'tokens',
    total_tokens: 38,
    input_tokens: 26,
    output_tokens: 12,
    input_token_details: { text_tokens: 0, audio_tokens: 26 },
  });
  const seconds = heard({ type: 'duration', seconds: 9.5 });
  expect(priceUsage('gpt-4o-transcribe', tokens, AT).microUsd).toBe(26 * 6 + 12 * 10);
  expect(priceUsage('gpt-realtime-whisper', seconds, AT).microUsd).toBe(Math.round((9.5 * 17_000) / 60));
  expect(priceUsage('gpt-4o-transcribe', seconds, AT).microUsd).toBeNull();
  expect(priceUsage('gpt-realtime-whisper', tokens, AT).microUsd).toBeNull();
  const lost = heard({ type: 'tokens', total_tokens: 38, input_tokens: 26, output_tokens: 12 });
  expect(priceUsage('gpt-4o-transcribe', lost, AT).microUsd).toBeNull();
});

test('a model without a price, or that nobody knows, has an unknown cost', ({ expect }) => {
  const seconds = heard({ type: 'duration', seconds: 9.5 });
  expect(priceUsage('whisper-1', seconds, AT)).toEqual({ microUsd: null, priceVersion: null });
  expect(priceUsage('gpt-99', RESPONSE, AT)).toEqual({ microUsd: null, priceVersion: null });
  expect(listCostLines('whisper-1', readUsage(seconds).amounts, AT)).toEqual([
    { modality: 'minutes', direction: 'input', quantity: 9.5, unit: 'seconds', microUsd: null },
  ]);
});

test('a kind of token that the model has no price for makes the whole unknown', ({ expect }) => {
  const images = response({
    input_tokens: 20,
    output_tokens: 0,
    input_token_details: { audio_tokens: 10, image_tokens: 10 },
  });
  expect(priceUsage('gpt-4o-transcribe', images, AT).microUsd).toBeNull();
  expect(
    listCostLines('gpt-4o-transcribe', readUsage(images).amounts, AT).map(({ microUsd }) => microUsd),
  ).toEqual([60, null]);
});

test('the price is that of the day, and before the first one was written down that one', ({ expect }) => {
  const prices = { unit: 'usd_per_minute', audio: 1 } as const;
  const dated = [
    { from: '2026-11-21', prices },
    { from: '2027-01-01', prices },
    { from: '2027-03-01', prices },
  ];
  const at = (time: string) => pricesAt(dated, Date.parse(time))?.from;
  expect(at('2026-12-31T23:59:59.999Z')).toBe('2026-11-21');
  expect(at('2027-01-01T00:00:00.000Z')).toBe('2027-01-01');
  expect(at('2029-01-01')).toBe('2027-03-01');
  expect(at('2025-01-01')).toBe('2026-11-21');
  expect(pricesAt([], AT)).toBeNull();
  expect(findPrices(FLAGSHIP, AT)?.version).toBe('2026-11-21');
  expect(findPrices('whisper-1', AT)).toBeNull();
});

test('a usage that counts more than it names, or nothing at all, has no price and is not free', ({
  expect,
}) => {
  for (const usage of [
    { total_tokens: 500_000, input_tokens: 0, output_tokens: 0 },
    { input_token_details: {}, output_token_details: {} },
    { total_tokens: 300, input_token_details: { text_tokens: 1 }, output_token_details: { text_tokens: 1 } },
  ]) {
    expect(priceUsage(FLAGSHIP, response(usage), AT).microUsd, JSON.stringify(usage)).toBeNull();
  }
  expect(
    priceUsage(
      'gpt-4o-transcribe',
      heard({ type: 'tokens', total_tokens: 900, input_tokens: 0, output_tokens: 0 }),
      AT,
    ).microUsd,
  ).toBeNull();
  expect(
    priceUsage(FLAGSHIP, response({ total_tokens: 0, input_tokens: 0, output_tokens: 0 }), AT).microUsd,
  ).toBe(0);
});

/** A hundred tokens in, fifty of them of a cached kind that nobody named, and a hundred out. */
const UNSPLIT = {
  total_tokens: 200,
  input_tokens: 100,
  output_tokens: 100,
  input_token_details: { text_tokens: 50, audio_tokens: 50, cached_tokens: 50 },
  output_token_details: { text_tokens: 50, audio_tokens: 50 },
};
const OUT = 50 * 24 + 50 * 64;

for (const [what, usage, least] of [
  ['cached tokens are those that save the most', {}, 50 * 4 + 50 * 0.4 + OUT],
  [
    'more cached tokens than input are all of it',
    { input_token_details: { ...UNSPLIT.input_token_details, cached_tokens: 900 } },
    100 * 0.4 + OUT,
  ],
  [
    'input left out is of the cheapest kind',
    { input_token_details: { audio_tokens: 50, cached_tokens: 0 } },
    50 * 4 + 50 * 32 + OUT,
  ],
  [
    'input without details may all have been cached text',
    { input_token_details: undefined },
    100 * 0.4 + OUT,
  ],
  ['output without details is text', { output_token_details: undefined }, 50 * 4 + 50 * 0.4 + 100 * 24],
  [
    'a total that is more counts the cheapest tokens there are',
    { total_tokens: 1_200 },
    220 + OUT + 1_000 * 0.4,
  ],
  [
    'details that exceed their total are none',
    { input_token_details: { text_tokens: 11_300, cached_tokens: 0 }, output_token_details: undefined },
    100 * 4 + 100 * 24,
  ],
  ['a total that is less than its parts is all there is', { total_tokens: 10 }, 10 * 0.4],
] as const) {
  test(`what cannot be priced costs at least its cheapest reading: ${what}`, ({ expect }) => {
    const told = response({ ...UNSPLIT, ...usage });
    expect(priceUsage(FLAGSHIP, told, AT).microUsd).toBeNull();
    expect(leastMicroUsd(FLAGSHIP, told, AT)).toBeCloseTo(least, 6);
  });
}

test('the cheapest reading is no dearer than any other, and none is told where there is no price', ({
  expect,
}) => {
  const allCached = response({
    ...UNSPLIT,
    input_token_details: {
      ...UNSPLIT.input_token_details,
      cached_tokens: 100,
      cached_tokens_details: { text_tokens: 50, audio_tokens: 50 },
    },
  });
  for (const usage of [RESPONSE, allCached]) {
    expect(leastMicroUsd(FLAGSHIP, usage, AT)).toBe(priceUsage(FLAGSHIP, usage, AT).microUsd);
  }
  expect(leastMicroUsd(FLAGSHIP, response(UNSPLIT), AT)).toBeGreaterThan(
    priceUsage(FLAGSHIP, allCached, AT).microUsd ?? 0,
  );
  const lost = heard({ type: 'tokens', total_tokens: 38, input_tokens: 26, output_tokens: 12 });
  expect(leastMicroUsd('gpt-4o-transcribe', lost, AT)).toBe(Math.round(26 * 2.5 + 12 * 10));
  for (const model of ['gpt-realtime-whisper', 'whisper-1', 'gpt-99']) {
    expect(leastMicroUsd(model, lost, AT)).toBeNull();
  }
});

test('details that contradict their total are counted nowhere', ({ expect }) => {
  for (const contradiction of [
    { input_tokens: 10, output_tokens: 0, input_token_details: { text_tokens: 11_300 } },
    { total_tokens: 10, input_token_details: { text_tokens: 11_300 }, output_token_details: {} },
  ]) {
    const { amounts, isComplete } = readUsage(response(contradiction));
    expect([amounts.textInput, amounts.audioInput, isComplete]).toEqual([0, 0, false]);
  }
});
