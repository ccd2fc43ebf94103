import { serverEventSchema } from '@ephemera/realtime-protocol';
import type { ServerEvent } from '@ephemera/realtime-protocol';
import { test } from 'vitest';

import { countMessages, EMPTY_TRANSCRIPT, listItems, reduceTranscript } from './transcript.ts';
import type { Transcript } from './transcript.ts';

type Wire = { type: string; [field: string]: unknown };

function parse(wire: Wire): ServerEvent {
  return serverEventSchema.parse({ event_id: 'event_1', ...wire });
}

function fold(...wire: Wire[]): Transcript {
  return wire.map(parse).reduce(reduceTranscript, EMPTY_TRANSCRIPT);
}

const TRANSCRIBING = {
  type: 'session.created',
  session: { type: 'realtime', audio: { input: { transcription: { model: 'gpt-transcribe' } } } },
};

const SPOKEN = {
  id: 'user_1',
  type: 'message',
  role: 'user',
  content: [{ type: 'input_audio', transcript: null }],
};
const USER_ADDED = { type: 'conversation.item.added', previous_item_id: null, item: SPOKEN };
const USER_DONE = {
  type: 'conversation.item.done',
  previous_item_id: null,
  item: { ...SPOKEN, status: 'completed' },
};
const USER_WORDS = {
  type: 'conversation.item.input_audio_transcription.completed',
  item_id: 'user_1',
  content_index: 0,
  transcript: 'What is the time?',
};

const ANSWER = { id: 'assistant_1', type: 'message', role: 'assistant', content: [] };
const ANSWER_STARTED = {
  type: 'response.output_item.added',
  response_id: 'resp_1',
  output_index: 0,
  item: ANSWER,
};
const ANSWER_ADDED = { type: 'conversation.item.added', previous_item_id: 'user_1', item: ANSWER };
const PART = { response_id: 'resp_1', item_id: 'assistant_1', output_index: 0, content_index: 0 };
const say = (delta: string) => ({ type: 'response.output_audio_transcript.delta', ...PART, delta });
const ANSWER_DONE = {
  type: 'response.output_item.done',
  response_id: 'resp_1',
  output_index: 0,
  item: { ...ANSWER, status: 'completed', content: [{ type: 'output_audio', transcript: 'It is noon.' }] },
};

test('shows an answer while it grows and then as a whole', ({ expect }) => {
  const growing = fold(ANSWER_STARTED, say('It '), say('is'));
  expect(listItems(growing)).toEqual([
    { id: 'assistant_1', role: 'assistant', text: 'It is', status: 'partial', playedMs: null },
  ]);
  const whole = fold(ANSWER_STARTED, say('It '), say('is'), ANSWER_DONE);
  expect(listItems(whole)).toMatchObject([{ text: 'It is noon.', status: 'final' }]);
});

test('keeps the question before the answer though its words come later', ({ expect }) => {
  const transcript = fold(
    TRANSCRIBING,
    USER_ADDED,
    ANSWER_STARTED,
    ANSWER_ADDED,
    say('It is'),
    USER_DONE,
    USER_WORDS,
  );
  expect(listItems(transcript)).toMatchObject([
    { id: 'user_1', text: 'What is the time?', status: 'final' },
    { id: 'assistant_1', text: 'It is', status: 'partial' },
  ]);
});

test('puts an item where the provider says, not where it arrives', ({ expect }) => {
  const late = {
    type: 'conversation.item.added',
    previous_item_id: 'user_1',
    item: { ...SPOKEN, id: 'user_2' },
  };
  const transcript = fold(USER_ADDED, ANSWER_STARTED, late);
  expect(listItems(transcript).map(({ id }) => id)).toEqual(['user_1', 'user_2', 'assistant_1']);
});

test('waits for the words of what was said, growing with their deltas', ({ expect }) => {
  const delta = {
    type: 'conversation.item.input_audio_transcription.delta',
    item_id: 'user_1',
    delta: 'What',
  };
  expect(listItems(fold(TRANSCRIBING, USER_ADDED, USER_DONE, delta))).toMatchObject([
    { text: 'What', status: 'partial' },
  ]);
});

test('does not wait for words where input is not transcribed', ({ expect }) => {
  const silent = { type: 'session.created', session: { type: 'realtime' } };
  expect(listItems(fold(silent, USER_ADDED, USER_DONE))).toMatchObject([{ text: '', status: 'final' }]);
});

test('marks words that could not be transcribed', ({ expect }) => {
  const failed = {
    type: 'conversation.item.input_audio_transcription.failed',
    item_id: 'user_1',
    content_index: 0,
    error: { message: 'no' },
  };
  expect(listItems(fold(TRANSCRIBING, USER_ADDED, USER_DONE, failed))).toMatchObject([{ status: 'failed' }]);
});

test('shows a typed message at once', ({ expect }) => {
  const item = {
    id: 'user_1',
    type: 'message',
    role: 'user',
    content: [{ type: 'input_text', text: 'Hello' }],
  };
  const transcript = fold(
    { type: 'conversation.item.added', item },
    { type: 'conversation.item.done', item },
  );
  expect(listItems(transcript)).toEqual([
    { id: 'user_1', role: 'user', text: 'Hello', status: 'final', playedMs: null },
  ]);
});

const clear = (response_id: string) => ({ type: 'output_audio_buffer.cleared', response_id });
const finish = (status: string) => ({ type: 'response.done', response: { id: 'resp_1', status } });
const TRUNCATED = {
  type: 'conversation.item.truncated',
  item_id: 'assistant_1',
  content_index: 0,
  audio_end_ms: 640,
};

test('marks an interrupted answer with what was played of it, also when its text was complete', ({
  expect,
}) => {
  const transcript = fold(ANSWER_STARTED, say('It is noon.'), ANSWER_DONE, TRUNCATED);
  expect(listItems(transcript)).toMatchObject([
    { text: 'It is noon.', status: 'interrupted', playedMs: 640 },
  ]);
});

test('stays interrupted when text or completion arrives afterwards', ({ expect }) => {
  const transcript = fold(ANSWER_STARTED, say('It'), TRUNCATED, say(' is'), ANSWER_DONE);
  expect(listItems(transcript)).toMatchObject([{ status: 'interrupted', playedMs: 640 }]);
});

test('a cleared buffer interrupts the answer of that response only', ({ expect }) => {
  expect(listItems(fold(ANSWER_STARTED, say('It'), clear('resp_2')))).toMatchObject([{ status: 'partial' }]);
  expect(listItems(fold(ANSWER_STARTED, say('It'), clear('resp_1')))).toMatchObject([
    { status: 'interrupted' },
  ]);
});

test('a cancelled response leaves its unfinished answer interrupted, a failed one failed', ({ expect }) => {
  expect(listItems(fold(ANSWER_STARTED, say('It'), finish('cancelled')))).toMatchObject([
    { status: 'interrupted' },
  ]);
  expect(listItems(fold(ANSWER_STARTED, say('It'), finish('failed')))).toMatchObject([{ status: 'failed' }]);
  expect(listItems(fold(ANSWER_STARTED, ANSWER_DONE, finish('cancelled')))).toMatchObject([
    { status: 'final' },
  ]);
});

test('joins the parts of a message in their order', ({ expect }) => {
  const second = { ...PART, content_index: 1, type: 'response.output_text.delta', delta: 'noon.' };
  const first = { ...PART, type: 'response.output_text.done', text: 'It is ' };
  expect(listItems(fold(ANSWER_STARTED, second, first))).toMatchObject([{ text: 'It is noon.' }]);
});

test('counts finished messages of both sides, an interrupted answer too, tools and system not', ({
  expect,
}) => {
  const system = {
    id: 'sys',
    type: 'message',
    role: 'system',
    content: [{ type: 'input_text', text: 'Be kind' }],
  };
  const tool = { id: 'fc', type: 'function_call', status: 'completed' };
  const transcript = fold(
    { type: 'conversation.item.done', item: system },
    { type: 'conversation.item.done', item: tool },
    USER_ADDED,
    USER_DONE,
    ANSWER_STARTED,
    say('It'),
  );
  expect(countMessages(transcript)).toBe(1);
  expect(countMessages(reduceTranscript(transcript, parse(TRUNCATED)))).toBe(2);
});

test('returns the same transcript for an event that does not concern it', ({ expect }) => {
  const transcript = fold(USER_ADDED);
  expect(reduceTranscript(transcript, parse({ type: 'input_audio_buffer.cleared' }))).toBe(transcript);
});
