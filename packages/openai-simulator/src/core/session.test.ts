import type { ClientEvent } from '@ephemera/realtime-protocol';
import { test } from 'vitest';

import { findBreaches } from '../../test/support/contract.ts';
import { createBench } from '../../test/support/session-bench.ts';
import { createSpeech, toBase64 } from '../../test/support/sound.ts';

const TRANSCRIBED = {
  type: 'realtime',
  audio: { input: { transcription: { model: 'gpt-4o-mini-transcribe' } } },
} as const;

const userText = (text: string): ClientEvent => ({
  type: 'conversation.item.create',
  item: { type: 'message', role: 'user', content: [{ type: 'input_text', text }] },
});

const withoutDeltas = (types: string[]) => types.filter((type) => !type.endsWith('.delta'));

test("a spoken turn on a track gives the GA events in the provider's order", async ({ expect }) => {
  const bench = createBench({ session: TRANSCRIBED });
  bench.session.start();
  await bench.speak(1_000, 700);
  await bench.clock.advance(2_000);
  expect(withoutDeltas(bench.types())).toEqual([
    'session.created',
    'input_audio_buffer.speech_started',
    'input_audio_buffer.speech_stopped',
    'input_audio_buffer.committed',
    'conversation.item.added',
    'conversation.item.done',
    'conversation.item.input_audio_transcription.completed',
    'response.created',
    'rate_limits.updated',
    'response.output_item.added',
    'conversation.item.added',
    'response.content_part.added',
    'output_audio_buffer.started',
    'response.output_audio.done',
    'response.output_audio_transcript.done',
    'response.content_part.done',
    'response.output_item.done',
    'conversation.item.done',
    'response.done',
    'output_audio_buffer.stopped',
  ]);
  expect(bench.types()).not.toContain('response.output_audio.delta');
  expect(await findBreaches(bench.events)).toEqual([]);
});

test('the spoken words add up to the transcript of the answer', async ({ expect }) => {
  const bench = createBench({ script: { turns: [{ says: 'One two three four.' }] } });
  await bench.speak(600, 600);
  await bench.clock.advance(2_000);
  const said = bench.ofType('response.output_audio_transcript.delta').map((event) => event.delta);
  expect(said).toEqual(['One ', 'two ', 'three ', 'four.']);
  expect(bench.ofType('response.output_audio_transcript.done')[0]?.transcript).toBe('One two three four.');
});

test('usage follows the real durations and the conversation is sent again each turn', async ({ expect }) => {
  const bench = createBench({ session: { type: 'realtime', instructions: 'x'.repeat(40) }, answerMs: 1_000 });
  await bench.speak(1_000, 600);
  await bench.clock.advance(1_500);
  await bench.speak(1_000, 600);
  await bench.clock.advance(1_500);
  const [first, second] = bench.ofType('response.done').map((event) => event.response.usage);
  expect(first?.input_token_details).toMatchObject({ text_tokens: 10, audio_tokens: 15, cached_tokens: 0 });
  expect(first?.output_token_details).toMatchObject({ audio_tokens: 20 });
  const answerText = first?.output_token_details?.text_tokens ?? 0;
  expect(second?.input_token_details).toMatchObject({
    text_tokens: 10 + answerText,
    audio_tokens: 15 + 20 + 18,
    cached_tokens: 25,
    cached_tokens_details: { text_tokens: 10, audio_tokens: 15 },
  });
});

test('talking over the answer cuts it off and leaves only what was heard', async ({ expect }) => {
  const bench = createBench({ answerMs: 5_000 });
  await bench.speak(600, 600);
  await bench.clock.advance(1_000);
  const before = bench.events.length;
  await bench.speak(400, 0);
  expect(
    bench
      .types()
      .slice(before)
      .filter((type) => !type.endsWith('.delta')),
  ).toEqual([
    'input_audio_buffer.speech_started',
    'output_audio_buffer.cleared',
    'conversation.item.truncated',
    'response.output_audio.done',
    'response.output_audio_transcript.done',
    'response.content_part.done',
    'response.output_item.done',
    'conversation.item.done',
    'response.done',
  ]);
  const done = bench.ofType('response.done')[0]?.response;
  expect(done).toMatchObject({
    status: 'cancelled',
    status_details: { type: 'cancelled', reason: 'turn_detected' },
  });
  const heardMs = bench.ofType('conversation.item.truncated')[0]?.audio_end_ms ?? 0;
  expect(heardMs).toBeGreaterThan(900);
  expect(heardMs).toBeLessThan(1_300);
  expect(done?.usage?.output_token_details?.audio_tokens).toBe(Math.ceil(heardMs / 50));
  expect(await findBreaches(bench.events)).toEqual([]);
});

test('a session that forbids interruption finishes its answer and then takes the waiting turn', async ({
  expect,
}) => {
  const bench = createBench({
    answerMs: 3_000,
    session: {
      type: 'realtime',
      audio: { input: { turn_detection: { type: 'server_vad', interrupt_response: false } } },
    },
  });
  await bench.speak(600, 600);
  await bench.speak(600, 600);
  await bench.clock.advance(8_000);
  expect(bench.ofType('response.done').map((event) => event.response.status)).toEqual([
    'completed',
    'completed',
  ]);
});

test('semantic detection makes a turn as well', async ({ expect }) => {
  const bench = createBench({
    session: {
      type: 'realtime',
      audio: { input: { turn_detection: { type: 'semantic_vad', eagerness: 'high' } } },
    },
  });
  await bench.speak(600, 500);
  expect(bench.types()).toContain('input_audio_buffer.committed');
});

test('without turn detection the client commits and asks', async ({ expect }) => {
  const bench = createBench({
    session: { type: 'realtime', audio: { input: { turn_detection: null } } },
    carriage: 'events',
  });
  bench.send({ type: 'input_audio_buffer.append', audio: toBase64(createSpeech(1_000)) });
  await bench.clock.advance(2_000);
  expect(bench.events).toEqual([]);
  bench.send({ type: 'input_audio_buffer.commit' });
  bench.send({ type: 'response.create' });
  await bench.clock.advance(3_000);
  expect(bench.ofType('response.output_audio_transcript.done')[0]?.transcript).toContain(
    'one point zero seconds',
  );
  expect(bench.ofType('response.done')[0]?.response.usage?.input_token_details?.audio_tokens).toBe(10);
});

test('on a socket the events carry all of the sound', async ({ expect }) => {
  const bench = createBench({ carriage: 'events', answerMs: 1_000 });
  bench.send(userText('hello'));
  bench.send({ type: 'response.create' });
  await bench.clock.advance(3_000);
  const bytes = bench
    .ofType('response.output_audio.delta')
    .map((event) => Buffer.from(event.delta, 'base64').length);
  expect(bytes.reduce((sum, size) => sum + size, 0)).toBe(24_000 * 2);
  expect(bench.types()).not.toContain('output_audio_buffer.started');
  expect(await findBreaches(bench.events)).toEqual([]);
});

test('a text session answers in text', async ({ expect }) => {
  const bench = createBench({ session: { type: 'realtime', output_modalities: ['text'] } });
  bench.send(userText('hello'));
  bench.send({ type: 'response.create', response: { metadata: { topic: 'greeting' } } });
  await bench.clock.advance(10);
  expect(bench.ofType('response.output_text.done')[0]?.text).toBe('You wrote: hello');
  expect(bench.ofType('response.done')[0]?.response).toMatchObject({
    metadata: { topic: 'greeting' },
    status: 'completed',
  });
  expect(await findBreaches(bench.events)).toEqual([]);
});

test('a scripted tool is called and its output answered', async ({ expect }) => {
  const bench = createBench({
    session: {
      type: 'realtime',
      output_modalities: ['text'],
      tools: [{ type: 'function', name: 'get_weather' }],
    },
    script: {
      turns: [{ says: 'It is {output}.', tool: { name: 'get_weather', arguments: { city: 'Lisbon' } } }],
    },
  });
  bench.send(userText('weather?'));
  bench.send({ type: 'response.create' });
  await bench.clock.advance(10);
  const call = bench.ofType('response.function_call_arguments.done')[0];
  expect(call).toMatchObject({ name: 'get_weather', arguments: '{"city":"Lisbon"}' });
  const output = { type: 'function_call_output', call_id: call?.call_id ?? '', output: 'sunny' } as const;
  bench.send({ type: 'conversation.item.create', item: output });
  bench.send({ type: 'response.create' });
  await bench.clock.advance(10);
  expect(bench.ofType('response.output_text.done')[0]?.text).toBe('It is sunny.');
  expect(await findBreaches(bench.events)).toEqual([]);
});

test('the thinking time passes before the first word', async ({ expect }) => {
  const bench = createBench({ answerDelayMs: 500 });
  bench.send(userText('hello'));
  bench.send({ type: 'response.create' });
  await bench.clock.advance(499);
  expect(bench.types()).not.toContain('response.output_item.added');
  await bench.clock.advance(1);
  expect(bench.types()).toContain('response.output_item.added');
});

test('a cancelled answer says so, while it thinks and while it speaks', async ({ expect }) => {
  const bench = createBench({ answerDelayMs: 500, answerMs: 4_000 });
  bench.send(userText('hello'));
  bench.send({ type: 'response.create' });
  bench.send({ type: 'response.cancel' });
  bench.send({ type: 'response.create' });
  await bench.clock.advance(1_000);
  bench.send({ type: 'response.cancel' });
  const reasons = bench.ofType('response.done').map((event) => event.response.status_details?.reason);
  expect(reasons).toEqual(['client_cancelled', 'client_cancelled']);
  expect(bench.types().filter((type) => type === 'output_audio_buffer.cleared')).toHaveLength(1);
});

test('an answer that may not be longer stops there', async ({ expect }) => {
  const bench = createBench({ answerMs: 4_000 });
  bench.send(userText('hello'));
  bench.send({ type: 'response.create', response: { max_output_tokens: 25 } });
  await bench.clock.advance(5_000);
  const done = bench.ofType('response.done')[0]?.response;
  expect(done).toMatchObject({ status: 'incomplete', status_details: { reason: 'max_output_tokens' } });
  expect(done?.usage?.output_tokens).toBeLessThanOrEqual(25);
});

test('a voice that fails is a failed response', async ({ expect }) => {
  const bench = createBench({ voiceFails: true });
  bench.send(userText('hello'));
  bench.send({ type: 'response.create' });
  await bench.clock.advance(10);
  expect(bench.ofType('response.done')[0]?.response.status_details?.error?.message).toBe('the voice is gone');
  expect(await findBreaches(bench.events)).toEqual([]);
});

test('a transcription session transcribes and never answers', async ({ expect }) => {
  const bench = createBench({ session: { type: 'transcription' } });
  await bench.speak(600, 600);
  await bench.clock.advance(1_000);
  expect(bench.types().at(-1)).toBe('conversation.item.input_audio_transcription.completed');
  bench.send({ type: 'response.create' });
  expect(bench.types().at(-1)).toBe('error');
});

test('after an hour the session says that it has expired', async ({ expect }) => {
  const bench = createBench();
  bench.session.start();
  await bench.clock.advance(60 * 60_000 - 1);
  expect(bench.isExpired()).toBe(false);
  await bench.clock.advance(1);
  expect(bench.ofType('error')[0]?.error.code).toBe('session_expired');
  expect(bench.isExpired()).toBe(true);
});

test('an ended session is silent', async ({ expect }) => {
  const bench = createBench();
  bench.send({ type: 'response.create' });
  bench.session.end();
  const before = bench.events.length;
  await bench.speak(600, 600);
  await bench.clock.advance(2_000);
  expect(bench.events).toHaveLength(before);
});
