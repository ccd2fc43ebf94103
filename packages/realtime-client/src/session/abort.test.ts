import { test } from 'vitest';

import { SECRET } from '../../test/fake-broker.ts';
import { settle } from '../../test/fake-clock.ts';
import { createDevices, createFakeStream } from '../../test/fake-media.ts';
import { createHarness } from '../../test/harness.ts';
import type { Harness } from '../../test/harness.ts';
import { CONNECT_STEPS } from '../index.ts';
import type { ConnectStep } from '../index.ts';

function never(): Promise<never> {
  return new Promise(() => {});
}

/** Sessions that stand still in a step. */
const STUCK: Record<ConnectStep, () => Harness> = {
  token: () => createHarness({ broker: { mint: never } }),
  microphone: () => createHarness({ platform: { mediaDevices: createDevices(never) } }),
  offer: () => createHarness({ iceTransportPolicy: 'relay' }),
  sdp_exchange: () => createHarness({ platform: { fetch: never } }),
  data_channel: () => createHarness(),
  session_created: () => createHarness(),
};

for (const step of CONNECT_STEPS) {
  test(`giving up in the step ${step} releases everything and reports once`, async ({ expect }) => {
    const h = STUCK[step]();
    const controller = new AbortController();
    const outcome = h.session.connect({ signal: controller.signal }).catch((error: unknown) => error);
    await settle();
    if (step === 'session_created') h.peer.channel.open();
    await settle();
    expect(h.session.state).toMatchObject({ status: 'connecting', step });

    controller.abort();

    expect(h.session.state).toMatchObject({
      status: 'ended',
      endedBy: 'user',
      reason: 'aborted',
      durationSeconds: 0,
    });
    expect(await outcome).toMatchObject({ code: 'aborted', step });
    await h.session.end();
    const report = { sessionId: 'ses_1', duration: 0, messageCount: 0, endedBy: 'user', reason: 'aborted' };
    expect(h.broker.ended).toMatchObject(step === 'token' ? [] : [report]);
    expect(h.microphones.every(({ fakeTrack }) => fakeTrack.isStopped)).toBe(true);
    expect(h.peers.every(({ isClosed }) => isClosed)).toBe(true);
    expect(h.clock.pendingTimers).toBe(0);
  });
}

test('a signal that is already aborted starts nothing', async ({ expect }) => {
  const h = createHarness();
  await expect(h.session.connect({ signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'aborted' });
  expect(h.broker.minted).toEqual([]);
});

test('a secret that comes after giving up is closed at the broker', async ({ expect }) => {
  const { promise: minted, resolve: answer } = Promise.withResolvers<typeof SECRET>();
  const h = createHarness({ broker: { mint: () => minted } });
  const outcome = h.session.connect().catch((error: unknown) => error);
  await h.session.end();
  answer(SECRET);
  await settle();
  expect(h.broker.ended).toMatchObject([
    { sessionId: 'ses_1', endedBy: 'user', reason: 'aborted', duration: 0 },
  ]);
  expect(await outcome).toMatchObject({ code: 'aborted' });
});

test('a microphone that comes after giving up is stopped', async ({ expect }) => {
  const late = createFakeStream();
  const { promise: granted, resolve: grant } = Promise.withResolvers<MediaStream>();
  const h = createHarness({ platform: { mediaDevices: createDevices(() => granted) } });
  const outcome = h.session.connect().catch((error: unknown) => error);
  await settle();
  await h.session.end();
  grant(late);
  await settle();
  expect(late.fakeTrack.isStopped).toBe(true);
  expect(await outcome).toMatchObject({ code: 'aborted', step: 'microphone' });
});

test('the SDP exchange is cancelled', async ({ expect }) => {
  let signal: AbortSignal | null | undefined;
  const h = createHarness({
    platform: {
      fetch: (_input, init) => {
        signal = init?.signal;
        return new Promise(() => {});
      },
    },
  });
  const outcome = h.session.connect().catch((error: unknown) => error);
  await settle();
  expect(signal?.aborted).toBe(false);
  await h.session.end();
  expect(signal?.aborted).toBe(true);
  expect(await outcome).toMatchObject({ code: 'aborted' });
});

test('closing the page while connecting reports the minted session', async ({ expect }) => {
  const h = STUCK.sdp_exchange();
  const outcome = h.session.connect().catch((error: unknown) => error);
  await settle();
  h.hidePage();
  expect(h.broker.beacons).toMatchObject([{ sessionId: 'ses_1', reason: 'page_closed', duration: 0 }]);
  expect(await outcome).toMatchObject({ code: 'aborted' });
});

test('ending before connect leaves the session as it was', async ({ expect }) => {
  const h = createHarness();
  expect(await h.session.end()).toBeNull();
  expect(h.session.state).toEqual({ status: 'idle' });
});
