import { test } from 'vitest';

import { createHarness } from '../../test/harness.ts';

const ANSWER = { id: 'assistant_1', type: 'message', role: 'assistant', content: [] };
const CREATED = { type: 'response.created', response: { id: 'resp_1', status: 'in_progress' } };
const ADDED = { type: 'response.output_item.added', response_id: 'resp_1', output_index: 0, item: ANSWER };
const STARTED = { type: 'output_audio_buffer.started', response_id: 'resp_1' };
const DONE = { type: 'response.done', response: { id: 'resp_1', status: 'completed' } };

async function createCall() {
  const h = createHarness();
  await h.connect();
  const { channel } = h.peer;
  return { ...h, channel, receive: channel.receiveEvent.bind(channel), session: h.session, clock: h.clock };
}

test('interrupting cancels, clears and cuts the answer to what was heard', async ({ expect }) => {
  const { session, clock, channel, receive } = await createCall();
  receive(CREATED);
  receive(ADDED);
  receive(STARTED);
  await clock.advance(1_234);
  session.interrupt();
  expect(channel.sent).toEqual([
    { type: 'response.cancel', response_id: 'resp_1' },
    { type: 'output_audio_buffer.clear' },
    { type: 'conversation.item.truncate', item_id: 'assistant_1', content_index: 0, audio_end_ms: 1_234 },
  ]);
});

test('interrupting an answer that is generated but still sounding does not cancel it', async ({ expect }) => {
  const { session, channel, receive } = await createCall();
  for (const event of [CREATED, ADDED, STARTED, DONE]) receive(event);
  session.interrupt();
  expect(channel.sent.map(({ type }) => type)).toEqual([
    'output_audio_buffer.clear',
    'conversation.item.truncate',
  ]);
});

test('interrupting twice, or silence, sends nothing more', async ({ expect }) => {
  const { session, channel, receive } = await createCall();
  session.interrupt();
  expect(channel.sent).toEqual([]);
  for (const event of [CREATED, ADDED, STARTED, DONE]) receive(event);
  session.interrupt();
  session.interrupt();
  expect(channel.sent).toHaveLength(2);
});

test('an answer that has sounded to its end cannot be interrupted', async ({ expect }) => {
  const { session, channel, receive } = await createCall();
  for (const event of [CREATED, ADDED, STARTED, DONE]) receive(event);
  receive({ type: 'output_audio_buffer.stopped', response_id: 'resp_1' });
  session.interrupt();
  expect(channel.sent).toEqual([]);
});

test('text becomes a message and asks for an answer', async ({ expect }) => {
  const { session, channel } = await createCall();
  session.sendText('Hello');
  expect(channel.sent).toEqual([
    {
      type: 'conversation.item.create',
      item: { type: 'message', role: 'user', content: [{ type: 'input_text', text: 'Hello' }] },
    },
    { type: 'response.create' },
  ]);
});

test('text during an answer interrupts it and asks for the next one after its end', async ({ expect }) => {
  const { session, channel, receive } = await createCall();
  for (const event of [CREATED, ADDED, STARTED]) receive(event);
  session.sendText('Stop');
  session.sendText('Or rather go on');
  const types = () => channel.sent.map(({ type }) => type);
  expect(types()).not.toContain('response.create');
  receive({ type: 'response.done', response: { id: 'resp_1', status: 'cancelled' } });
  expect(types().filter((type) => type === 'response.create')).toHaveLength(1);
});

test('text twice in a row asks for the second answer after the first', async ({ expect }) => {
  const { session, channel, receive } = await createCall();
  session.sendText('One');
  session.sendText('Two');
  const countAsked = () => channel.sent.filter(({ type }) => type === 'response.create').length;
  expect(countAsked()).toBe(1);
  receive(CREATED);
  receive(DONE);
  expect(countAsked()).toBe(2);
});

test('text into a closing call is refused', async ({ expect }) => {
  const { session, channel } = await createCall();
  channel.readyState = 'closing';
  expect(() => session.sendText('Hello')).toThrow(expect.objectContaining({ code: 'not_connected' }));
});

test('measures from the end of the question to the start of the answer', async ({ expect }) => {
  const { session, clock, receive } = await createCall();
  const latencies: number[] = [];
  session.on('turn_latency', ({ ms }) => latencies.push(ms));
  receive({ type: 'input_audio_buffer.speech_stopped', audio_end_ms: 900, item_id: 'user_1' });
  await clock.advance(340);
  receive(STARTED);
  receive(STARTED);
  expect(latencies).toEqual([340]);
});

test('emits the transcript as it changes, and only then', async ({ expect }) => {
  const { session, receive } = await createCall();
  const lengths: number[] = [];
  session.on('transcript', (items) => lengths.push(items.length));
  receive({ type: 'input_audio_buffer.cleared' });
  receive(ADDED);
  expect(lengths).toEqual([1]);
  expect(session.transcript).toMatchObject([{ id: 'assistant_1', status: 'partial' }]);
});
