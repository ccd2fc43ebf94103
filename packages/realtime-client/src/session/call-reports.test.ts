import { test } from 'vitest';

import { settle } from '../../test/fake-clock.ts';
import { CREATED, createHarness } from '../../test/harness.ts';
import type { Harness } from '../../test/harness.ts';
import { RealtimeError } from '../errors.ts';

const USAGE = { total_tokens: 30, input_tokens: 20, output_tokens: 10 };

function watchTime({ session }: Harness): string[] {
  const seen: string[] = [];
  session.on('time_almost_up', ({ remainingSeconds }) => seen.push(`almost ${remainingSeconds}`));
  session.on('time_up', () => seen.push('up'));
  return seen;
}

test('a call gives a sign of life at once and every half minute, until it ends', async ({ expect }) => {
  const harness = createHarness();
  await harness.connect();
  expect(harness.broker.heartbeats).toBe(1);
  await harness.clock.advance(90_000);
  expect(harness.broker.heartbeats).toBe(4);
  await harness.session.end();
  expect(harness.clock.pendingTimers).toBe(0);
  await harness.clock.advance(90_000);
  expect(harness.broker.heartbeats).toBe(4);
});

test('the time limit is the broker’s: a warning a minute before, then the end', async ({ expect }) => {
  const harness: Harness = createHarness({
    broker: {
      heartbeat: () => Promise.resolve({ remainingSeconds: 75 - harness.clock.monotonicMs() / 1_000 }),
    },
  });
  const seen = watchTime(harness);
  await harness.connect();
  await harness.clock.advance(14_999);
  expect(seen).toEqual([]);
  await harness.clock.advance(1);
  expect(seen).toEqual(['almost 60']);
  await harness.clock.advance(59_999);
  expect(harness.session.state.status).toBe('connected');
  await harness.clock.advance(1);
  expect(seen).toEqual(['almost 60', 'up']);
  expect(harness.session.state).toMatchObject({
    status: 'ended',
    endedBy: 'timeout',
    reason: 'time_limit',
    error: null,
  });
  await settle();
  expect(harness.broker.ended).toMatchObject([{ endedBy: 'timeout', reason: 'time_limit', duration: 75 }]);
});

test('a limit that was prolonged is warned of again', async ({ expect }) => {
  const harness = createHarness();
  const seen = watchTime(harness);
  harness.broker.remainingSeconds = 50;
  await harness.connect();
  harness.broker.remainingSeconds = 100;
  await harness.clock.advance(30_000);
  await settle();
  harness.broker.remainingSeconds = 70;
  await harness.clock.advance(40_000);
  expect(seen).toEqual(['almost 50', 'almost 60']);
});

test('a session that is over at the broker is over here', async ({ expect }) => {
  const harness = createHarness();
  const seen = watchTime(harness);
  await harness.connect();
  harness.broker.remainingSeconds = 0;
  await harness.clock.advance(30_000);
  await harness.clock.advance(0);
  await settle();
  expect(seen).toEqual(['up']);
  expect(harness.session.state).toMatchObject({ status: 'ended', reason: 'time_limit' });
});

test('a sign of life that is lost does not end the call', async ({ expect }) => {
  const lost = new RealtimeError('broker_unreachable', 'gone');
  const harness = createHarness({ broker: { heartbeat: () => Promise.reject(lost) } });
  const warnings: string[] = [];
  harness.session.on('warning', ({ code }) => warnings.push(code));
  await harness.connect();
  await harness.clock.advance(30_000);
  expect(warnings).toEqual(['heartbeat_not_sent', 'heartbeat_not_sent']);
  expect(harness.session.state.status).toBe('connected');
});

test('usage is told as it comes, with the model that transcribes', async ({ expect }) => {
  const harness = createHarness();
  await harness.connect();
  const { channel } = harness.peer;
  channel.receiveEvent({
    ...CREATED,
    type: 'session.updated',
    session: { type: 'realtime', audio: { input: { transcription: { model: 'gpt-transcribe' } } } },
  });
  channel.receiveEvent({ type: 'response.done', response: { id: 'resp_1', usage: USAGE } });
  channel.receiveEvent({ type: 'response.done', response: { id: 'resp_2', usage: null } });
  channel.receiveEvent({
    type: 'conversation.item.input_audio_transcription.completed',
    item_id: 'item_1',
    content_index: 0,
    transcript: 'hello',
    usage: { type: 'duration', seconds: 2 },
  });
  await harness.clock.advance(1_000);
  await settle();
  expect(harness.broker.usage).toEqual([
    {
      sessionId: 'ses_1',
      events: [
        { eventId: 'resp_1', kind: 'response', usage: USAGE },
        { eventId: 'resp_2', kind: 'response', usage: null },
        {
          eventId: 'item_1:0',
          kind: 'transcription',
          model: 'gpt-transcribe',
          usage: { type: 'duration', seconds: 2 },
        },
      ],
    },
  ]);
});

test('what was not told yet goes out with the end, also when the page goes away', async ({ expect }) => {
  const [ending, closing] = [createHarness(), createHarness()];
  for (const harness of [ending, closing]) {
    await harness.connect();
    harness.peer.channel.receiveEvent({ type: 'response.done', response: { id: 'resp_1', usage: USAGE } });
  }
  await ending.session.end();
  closing.hidePage();
  expect(ending.broker.usage).toHaveLength(1);
  expect(closing.broker.usage).toHaveLength(0);
  expect(closing.broker.usageBeacons).toMatchObject([{ events: [{ eventId: 'resp_1' }] }]);
  expect(closing.broker.beacons).toMatchObject([{ usage: { total_tokens: 30 } }]);
});
