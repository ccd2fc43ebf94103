import { test } from 'vitest';

import { settle } from '../../test/fake-clock.ts';
import { SECRET } from '../../test/fake-broker.ts';
import { createDevices, createFakeStream } from '../../test/fake-media.ts';
import type { FakeStream } from '../../test/fake-media.ts';
import { CREATED, createHarness } from '../../test/harness.ts';
import type { SessionWarning } from '../index.ts';

test('goes through the steps in order and is connected', async ({ expect }) => {
  const h = createHarness();
  const connected = await h.connect();

  const steps = ['token', 'microphone', 'offer', 'sdp_exchange', 'data_channel', 'session_created'];
  const entered = h.states.map((state) => (state.status === 'connecting' ? state.step : state.status));
  expect([...new Set(entered)]).toEqual([...steps, 'connected']);
  expect(connected.steps.map(({ name }) => name)).toEqual(steps);
  expect(connected).toMatchObject({
    status: 'connected',
    callId: 'rtc_7',
    path: 'live',
    secret: { sessionId: 'ses_1' },
  });
  expect(h.session.state).toMatchObject({ icePair: { local: 'host', remote: 'srflx', protocol: 'udp' } });
  expect(h.broker.connected).toEqual([
    {
      sessionId: 'ses_1',
      transport: 'webrtc',
      callId: 'rtc_7',
      icePair: { local: 'host', remote: 'srflx', protocol: 'udp' },
      steps: connected.steps,
    },
  ]);
});

test('posts the offer with the secret to where the broker said', async ({ expect }) => {
  const h = createHarness();
  await h.connect();
  expect(h.posts).toHaveLength(1);
  expect(h.posts[0]).toMatchObject({
    url: SECRET.callsUrl,
    init: {
      method: 'POST',
      body: 'v=0 offer',
      headers: { Authorization: 'Bearer ek_test', 'Content-Type': 'application/sdp' },
    },
  });
  expect(h.peer.remoteDescription).toEqual({ type: 'answer', sdp: 'v=0 answer' });
  expect(h.peer.channels[0]?.label).toBe('oai-events');
});

test('asks for the session, and the life of its secret, that the caller wants', async ({ expect }) => {
  const session = { type: 'realtime', model: 'gpt-realtime-2.1' } as const;
  const h = createHarness({ session, ttlSeconds: 60 });
  await h.connect();
  expect(h.broker.minted).toEqual([{ session, ttlSeconds: 60 }]);
});

test('touches nothing before connect', ({ expect }) => {
  const h = createHarness();
  expect(h.session.state).toEqual({ status: 'idle' });
  expect(h.peers).toEqual([]);
  expect(h.output.calls).toEqual([]);
  expect(h.broker.minted).toEqual([]);
});

test('unlocks the audio element before the first await', async ({ expect }) => {
  const h = createHarness();
  const connecting = h.session.connect();
  expect(h.output.calls).toEqual(['unlock']);
  await h.session.end();
  await expect(connecting).rejects.toMatchObject({ code: 'aborted' });
});

test('tells the expiry of the secret on the clock of a device that is wrong by an hour', async ({
  expect,
}) => {
  const h = createHarness({
    broker: {
      mint: () =>
        Promise.resolve({
          ...SECRET,
          serverTime: new Date('2026-11-21T13:00:00Z'),
          expiresAt: new Date('2026-11-21T13:01:00Z'),
        }),
    },
  });
  const connected = await h.connect();
  expect(connected.secret.secretExpiresAt).toEqual(new Date('2026-11-21T12:01:00Z'));
});

test('connects once', async ({ expect }) => {
  const h = createHarness();
  await h.connect();
  await expect(h.session.connect()).rejects.toMatchObject({ code: 'protocol' });
  expect(h.session.state.status).toBe('connected');
});

test('hanging up releases everything and reports duration and messages', async ({ expect }) => {
  const h = createHarness();
  await h.connect();
  h.peer.channel.receiveEvent({
    type: 'conversation.item.added',
    item: { id: 'item_1', type: 'message', role: 'user', content: [{ type: 'input_text', text: 'Hello' }] },
  });
  h.peer.channel.receiveEvent({
    type: 'conversation.item.done',
    item: { id: 'item_1', type: 'message', role: 'user', content: [{ type: 'input_text', text: 'Hello' }] },
  });
  h.peer.channel.receiveEvent({
    type: 'response.done',
    response: { id: 'resp_1', status: 'completed', usage: { total_tokens: 12 } },
  });
  await h.clock.advance(12_500);

  const ended = await h.session.end();

  expect(ended).toMatchObject({ endedBy: 'user', reason: 'hung_up', durationSeconds: 12.5, messageCount: 1 });
  expect(h.broker.ended).toEqual([
    {
      sessionId: 'ses_1',
      duration: 12.5,
      messageCount: 1,
      endedBy: 'user',
      usage: { total_tokens: 12, responses: 1, responses_without_usage: 0 },
      steps: ended?.steps,
    },
  ]);
  expect(h.microphones[0]?.fakeTrack.isStopped).toBe(true);
  expect(h.peer.isClosed).toBe(true);
  expect(h.context.state).toBe('closed');
  expect(h.output.calls.at(-1)).toBe('close');
  expect(h.clock.pendingTimers).toBe(0);
});

test('reports the end once, however often and in whatever way it ends', async ({ expect }) => {
  const h = createHarness();
  await h.connect();
  await Promise.all([h.session.end(), h.session.end()]);
  h.peer.channel.closeRemotely();
  h.hidePage();
  await h.session.end();
  expect(h.broker.ended).toHaveLength(1);
  expect(h.broker.beacons).toHaveLength(0);
});

test('ignores what comes after the end', async ({ expect }) => {
  const h = createHarness();
  await h.connect();
  await h.session.end();
  const heard: string[] = [];
  h.session.on('event', ({ event }) => heard.push(event.type));
  const { state } = h.session;
  h.peer.channel.receiveEvent(CREATED);
  h.peer.changeState('failed');
  h.peer.addRemoteStream(createFakeStream());
  expect(heard).toEqual([]);
  expect(h.session.state).toBe(state);
  expect(h.output.calls).not.toContain('play');
});

test('hands the report to the browser while the page is being closed', async ({ expect }) => {
  const h = createHarness();
  await h.connect();
  await h.clock.advance(3_000);
  h.hidePage();
  expect(h.broker.beacons).toMatchObject([
    { sessionId: 'ses_1', duration: 3, endedBy: 'user', reason: 'page_closed' },
  ]);
  expect(h.session.state).toMatchObject({ status: 'ended', reason: 'page_closed' });
  expect(h.peer.isClosed).toBe(true);
  await settle();
  expect(h.broker.ended).toEqual([]);
});

test('says so when the browser does not take the closing report', async ({ expect }) => {
  const h = createHarness({ broker: { reportEndOnClose: () => false } });
  const warnings: SessionWarning[] = [];
  h.session.on('warning', (warning) => warnings.push(warning));
  await h.connect();
  h.hidePage();
  expect(warnings).toMatchObject([{ code: 'end_not_reported' }]);
});

test('keeps the access token fresh for the closing report', async ({ expect }) => {
  const h = createHarness();
  await h.connect();
  await h.clock.advance(180_000);
  expect(h.broker.refreshes).toBe(3);
});

test('mutes and unmutes the microphone', async ({ expect }) => {
  const h = createHarness({ isMuted: true });
  const changes: boolean[] = [];
  h.session.on('muted', (isMuted) => changes.push(isMuted));
  await h.connect();
  expect(h.microphones[0]?.fakeTrack.enabled).toBe(false);
  h.session.setMuted(false);
  h.session.setMuted(false);
  expect(h.microphones[0]?.fakeTrack.enabled).toBe(true);
  expect(changes).toEqual([false]);
});

test('uses a stream of the caller and leaves it running', async ({ expect }) => {
  const stream = createFakeStream();
  const h = createHarness({ microphone: { stream } });
  await h.connect();
  expect(h.microphones).toEqual([]);
  h.session.setMuted(true);
  await h.session.end();
  expect(stream.fakeTrack.isStopped).toBe(false);
  expect(stream.fakeTrack.enabled).toBe(true);
});

test('switches the microphone in the middle of a call, muted or not', async ({ expect }) => {
  const h = createHarness();
  await h.connect();
  h.session.setMuted(true);
  await h.session.setMicrophone('usb');
  const [before, after] = h.microphones;
  expect(before?.fakeTrack.isStopped).toBe(true);
  expect(after?.fakeTrack.enabled).toBe(false);
  expect(h.peer.senders[0]?.track).toBe(after?.fakeTrack);
});

test('of two microphones chosen in haste the later one stays, whichever opens first', async ({ expect }) => {
  const opening: ((stream: FakeStream) => void)[] = [];
  const h = createHarness({
    platform: { mediaDevices: createDevices(() => new Promise((resolve) => opening.push(resolve))) },
  });
  const connecting = h.connect();
  await settle();
  opening[0]?.(createFakeStream());
  await connecting;
  const earlier = createFakeStream();
  const later = createFakeStream();
  const choosing = [h.session.setMicrophone('a'), h.session.setMicrophone('b')];
  opening[2]?.(later);
  await settle();
  opening[1]?.(earlier);
  await Promise.all(choosing);
  expect(h.peer.senders[0]?.track).toBe(later.fakeTrack);
  expect(earlier.fakeTrack.isStopped).toBe(true);
  expect(later.fakeTrack.isStopped).toBe(false);
});

test('warns when the microphone is unplugged', async ({ expect }) => {
  const h = createHarness();
  const warnings: SessionWarning[] = [];
  h.session.on('warning', (warning) => warnings.push(warning));
  await h.connect();
  h.microphones[0]?.fakeTrack.dispatchEvent(new Event('ended'));
  expect(warnings).toMatchObject([{ code: 'microphone_lost', error: { code: 'microphone_failed' } }]);
});

test('says that playback is blocked, and plays after a gesture', async ({ expect }) => {
  const h = createHarness();
  const heard: string[] = [];
  h.session.on('playback_blocked', ({ code }) => heard.push(code));
  h.session.on('playback_resumed', () => heard.push('resumed'));
  await h.connect();
  h.output.isBlocked = true;
  h.peer.addRemoteStream(createFakeStream());
  await settle();
  await expect(h.session.resumePlayback()).rejects.toMatchObject({ code: 'playback_blocked' });
  h.output.isBlocked = false;
  await h.session.resumePlayback();
  expect(heard).toEqual(['playback_blocked', 'resumed']);
});

test('refuses to send without a call', async ({ expect }) => {
  const h = createHarness();
  expect(() => h.session.sendText('Hello')).toThrow(expect.objectContaining({ code: 'not_connected' }));
  await h.connect();
  await h.session.end();
  expect(() => h.session.interrupt()).toThrow(expect.objectContaining({ code: 'not_connected' }));
  expect(() => h.session.send({ type: 'response.create' })).toThrow(
    expect.objectContaining({ code: 'not_connected' }),
  );
});

test('passes the events of the provider on under their GA names, also those of the beta', async ({
  expect,
}) => {
  const h = createHarness();
  const deltas: string[] = [];
  const unknown: string[] = [];
  h.session.on('response.output_audio_transcript.delta', ({ delta }) => deltas.push(delta));
  h.session.on('unknown_event', ({ type }) => unknown.push(type));
  await h.connect();
  const part = { response_id: 'resp_1', item_id: 'item_1', output_index: 0, content_index: 0 };
  h.peer.channel.receiveEvent({ type: 'response.audio_transcript.delta', ...part, delta: 'Hi' });
  h.peer.channel.receiveEvent({ type: 'brand.new', value: 1 });
  h.peer.channel.receive(new TextEncoder().encode('{"type":"also.new"}').buffer);
  expect(deltas).toEqual(['Hi']);
  expect(unknown).toEqual(['brand.new', 'also.new']);
});

test('warns about a message that is no event, and goes on', async ({ expect }) => {
  const h = createHarness();
  const warnings: SessionWarning[] = [];
  h.session.on('warning', (warning) => warnings.push(warning));
  await h.connect();
  h.peer.channel.receive('<html>');
  expect(warnings).toMatchObject([{ code: 'unreadable_event' }]);
  expect(h.session.state.status).toBe('connected');
});

test('tries a report again while the broker is away, then gives up aloud', async ({ expect }) => {
  let attempts = 0;
  const h = createHarness({
    broker: {
      reportEnd() {
        attempts += 1;
        return Promise.reject(new TypeError('fetch failed'));
      },
    },
  });
  const warnings: SessionWarning[] = [];
  h.session.on('warning', (warning) => warnings.push(warning));
  await h.connect();
  const ending = h.session.end();
  await h.clock.advance(5_000);
  await ending;
  expect(attempts).toBe(3);
  expect(warnings).toMatchObject([{ code: 'end_not_reported', error: { code: 'broker_unreachable' } }]);
});
