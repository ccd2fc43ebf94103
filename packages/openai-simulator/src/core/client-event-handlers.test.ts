import { test } from 'vitest';

import { findBreaches } from '../../test/support/contract.ts';
import { createBench } from '../../test/support/session-bench.ts';

const TRANSCRIBED = {
  type: 'realtime',
  audio: { input: { transcription: { model: 'gpt-4o-mini-transcribe' } } },
} as const;

test('an update changes what it names and keeps the rest', ({ expect }) => {
  const bench = createBench({ session: { type: 'realtime', instructions: 'Be brief.' } });
  bench.send({
    type: 'session.update',
    session: { type: 'realtime', audio: { output: { voice: 'marin' } } },
  });
  const session = bench.ofType('session.updated')[0]?.session;
  expect(session).toMatchObject({
    instructions: 'Be brief.',
    audio: { output: { voice: 'marin', speed: 1 } },
  });
});

test.for([
  [{ type: 'session.update', session: { type: 'transcription' } }, 'session.type', 'invalid_value'],
  [
    { type: 'session.update', session: { type: 'realtime', model: 'gpt-realtime' } },
    'session.model',
    'invalid_value',
  ],
  [{ type: 'response.cancel' }, null, 'response_cancel_not_active'],
  [{ type: 'input_audio_buffer.commit' }, null, 'input_audio_buffer_commit_empty'],
  [{ type: 'conversation.item.delete', item_id: 'none' }, 'item_id', 'item_not_found'],
  [{ type: 'conversation.item.retrieve', item_id: 'none' }, 'item_id', 'item_not_found'],
  [
    { type: 'conversation.item.create', item: { type: 'message' } },
    'item.role',
    'missing_required_parameter',
  ],
  [
    { type: 'response.create', response: { output_modalities: ['smell'] } },
    'response.output_modalities[0]',
    'invalid_value',
  ],
  [{ type: 'no.such.event' }, 'type', 'invalid_value'],
] as const)('%o is refused and the client told which event it was', ([event, param, code], { expect }) => {
  const bench = createBench();
  bench.session.receive(JSON.stringify({ ...event, event_id: 'mine' }));
  expect(bench.ofType('error')[0]?.error).toMatchObject({
    type: 'invalid_request_error',
    param,
    code,
    event_id: 'mine',
  });
});

test('the voice is free until it has been heard', async ({ expect }) => {
  const bench = createBench();
  const useVoice = (voice: string) =>
    bench.send({ type: 'session.update', session: { type: 'realtime', audio: { output: { voice } } } });
  useVoice('marin');
  await bench.speak(600, 600);
  await bench.clock.advance(2_000);
  useVoice('cedar');
  useVoice('marin');
  expect(bench.ofType('error').map((event) => event.error.code)).toEqual(['cannot_update_voice']);
  expect(bench.ofType('session.updated')).toHaveLength(2);
});

test('a commit by hand takes the turn that is being spoken', async ({ expect }) => {
  const bench = createBench();
  await bench.speak(600, 0);
  bench.send({ type: 'input_audio_buffer.commit' });
  const started = bench.ofType('input_audio_buffer.speech_started')[0]?.item_id;
  expect(bench.ofType('input_audio_buffer.committed').map((event) => event.item_id)).toEqual([started]);
  await bench.speak(0, 1_000);
  expect(bench.types()).not.toContain('input_audio_buffer.speech_stopped');
});

test('a second response at once is refused', ({ expect }) => {
  const bench = createBench();
  bench.send({ type: 'response.create' });
  bench.send({ type: 'response.create' });
  expect(bench.ofType('error')[0]?.error.code).toBe('conversation_already_has_active_response');
});

test('items can be retrieved with their transcript, truncated and deleted', async ({ expect }) => {
  const bench = createBench({ session: TRANSCRIBED, carriage: 'events' });
  await bench.speak(600, 600);
  await bench.clock.advance(3_000);
  const itemId = bench.ofType('input_audio_buffer.committed')[0]?.item_id ?? '';
  bench.send({ type: 'conversation.item.retrieve', item_id: itemId });
  const retrieved = bench.ofType('conversation.item.retrieved')[0]?.item;
  expect(retrieved).toMatchObject({
    content: [{ type: 'input_audio', transcript: '(0.6 seconds of speech)' }],
  });
  const answerId = bench.ofType('response.output_item.done')[0]?.item.id ?? '';
  bench.send({ type: 'conversation.item.truncate', item_id: answerId, content_index: 0, audio_end_ms: 200 });
  expect(bench.ofType('conversation.item.truncated')[0]).toMatchObject({
    item_id: answerId,
    audio_end_ms: 200,
  });
  bench.send({ type: 'conversation.item.delete', item_id: itemId });
  expect(bench.ofType('conversation.item.deleted')[0]?.item_id).toBe(itemId);
  expect(await findBreaches(bench.events)).toEqual([]);
});
