import type { RealtimeUsage, ServerEvent } from '@ephemera/realtime-protocol';
import { test } from 'vitest';

import { NO_USAGE, reduceUsage } from './usage.ts';

function done(id: string, usage?: RealtimeUsage): ServerEvent {
  return {
    type: 'response.done',
    event_id: 'event_1',
    response: { id, status: 'completed', ...(usage ? { usage } : {}) },
  };
}

function transcribed(item_id: string, usage: { type: 'duration'; seconds: number }): ServerEvent {
  const type = 'conversation.item.input_audio_transcription.completed';
  return { type, event_id: 'event_1', item_id, content_index: 0, transcript: 'Hi', usage };
}

const USAGE = {
  total_tokens: 30,
  input_tokens: 20,
  output_tokens: 10,
  input_token_details: {
    text_tokens: 5,
    audio_tokens: 15,
    cached_tokens: 4,
    cached_tokens_details: { text_tokens: 4 },
  },
  output_token_details: { text_tokens: 3, audio_tokens: 7 },
};

test('is nothing, not zero, before the first response', ({ expect }) => {
  expect(NO_USAGE.usage).toBeNull();
});

test('sums the usage of all responses at every depth', ({ expect }) => {
  const later = { ...USAGE, input_token_details: { audio_tokens: 85, image_tokens: 2 } };
  const { usage } = [done('resp_1', USAGE), done('resp_2', later)].reduce(reduceUsage, NO_USAGE);
  expect(usage).toEqual({
    responses: 2,
    responses_without_usage: 0,
    total_tokens: 60,
    input_tokens: 40,
    output_tokens: 20,
    input_token_details: {
      text_tokens: 5,
      audio_tokens: 100,
      image_tokens: 2,
      cached_tokens: 4,
      cached_tokens_details: { text_tokens: 4 },
    },
    output_token_details: { text_tokens: 6, audio_tokens: 14 },
  });
});

test('counts a response once, however often it is reported', ({ expect }) => {
  const { usage } = [done('resp_1', USAGE), done('resp_1', USAGE)].reduce(reduceUsage, NO_USAGE);
  expect(usage).toMatchObject({ responses: 1, total_tokens: 30 });
});

test('counts a response without usage as unknown', ({ expect }) => {
  expect(reduceUsage(NO_USAGE, done('resp_1')).usage).toEqual({ responses: 0, responses_without_usage: 1 });
});

test('keeps the transcription of the input apart', ({ expect }) => {
  const first = transcribed('user_1', { type: 'duration', seconds: 1.5 });
  const second = transcribed('user_2', { type: 'duration', seconds: 2 });
  const { usage } = [first, first, second].reduce(reduceUsage, NO_USAGE);
  expect(usage).toEqual({ responses: 0, responses_without_usage: 0, input_transcription: { seconds: 3.5 } });
});
