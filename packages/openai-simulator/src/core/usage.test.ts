import { realtimeUsageSchema } from '@ephemera/realtime-protocol';
import { test } from 'vitest';

import {
  computeResponseUsage,
  computeTranscriptionUsage,
  countAssistantAudioTokens,
  countTextTokens,
  countUserAudioTokens,
} from './usage.ts';

test('a token is 100 ms of the user, 50 ms of the assistant, four letters of text', ({ expect }) => {
  expect([countUserAudioTokens(2_000), countUserAudioTokens(2_001)]).toEqual([20, 21]);
  expect([countAssistantAudioTokens(2_000), countAssistantAudioTokens(2_010)]).toEqual([40, 41]);
  expect([countTextTokens(''), countTextTokens('four'), countTextTokens('fours')]).toEqual([0, 1, 2]);
});

test('the totals are the sums of their details', ({ expect }) => {
  const usage = computeResponseUsage({
    context: { text: 30, audio: 50 },
    cached: { text: 20, audio: 10 },
    output: { text: 5, audio: 40 },
  });
  expect(realtimeUsageSchema.parse(usage)).toEqual({
    total_tokens: 125,
    input_tokens: 80,
    output_tokens: 45,
    input_token_details: {
      text_tokens: 30,
      audio_tokens: 50,
      image_tokens: 0,
      cached_tokens: 30,
      cached_tokens_details: { text_tokens: 20, audio_tokens: 10, image_tokens: 0 },
    },
    output_token_details: { text_tokens: 5, audio_tokens: 40 },
  });
});

test('cached tokens never exceed what was sent', ({ expect }) => {
  const usage = computeResponseUsage({
    context: { text: 3, audio: 4 },
    cached: { text: 30, audio: 2 },
    output: { text: 0, audio: 0 },
  });
  expect(usage.input_token_details).toMatchObject({
    cached_tokens: 5,
    cached_tokens_details: { text_tokens: 3 },
  });
});

test('transcription is billed by tokens or by seconds, as its model says', ({ expect }) => {
  const heard = { audioMs: 2_340, transcript: 'eight ch' };
  expect(computeTranscriptionUsage({ ...heard, model: 'gpt-4o-mini-transcribe' })).toEqual({
    type: 'tokens',
    input_tokens: 24,
    output_tokens: 2,
    total_tokens: 26,
    input_token_details: { text_tokens: 0, audio_tokens: 24 },
  });
  expect(computeTranscriptionUsage({ ...heard, model: 'gpt-realtime-whisper' })).toEqual({
    type: 'duration',
    seconds: 2.3,
  });
});
