import { test } from 'vitest';

import { settle } from '../../test/fake-clock.ts';
import { createHarness } from '../../test/harness.ts';
import { RealtimeError } from '../index.ts';

const RELAY = { type: 'relay', candidate: 'candidate:1 1 udp 1 10.0.0.1 5 typ relay raddr 0.0.0.0' };
const HOST = { type: 'host', candidate: 'candidate:1 1 udp 1 10.0.0.1 5 typ host' };

function startRelayCall() {
  const h = createHarness({ iceTransportPolicy: 'relay' });
  const outcome = h.session.connect().catch((error: unknown) => error);
  return { h, outcome };
}

test('uses the ICE servers of the broker', async ({ expect }) => {
  const h = createHarness();
  await h.connect();
  expect(h.peer.configuration).toEqual({
    iceServers: [{ urls: ['turn:turn.test'] }],
    iceTransportPolicy: 'all',
  });
});

test('uses the ICE servers of the caller and then asks for none', async ({ expect }) => {
  let isAsked = false;
  const issueIceServers = () => {
    isAsked = true;
    return Promise.reject(new Error('away'));
  };
  const h = createHarness({ iceServers: [{ urls: 'stun:mine.test' }], broker: { issueIceServers } });
  await h.connect();
  expect(isAsked).toBe(false);
  expect(h.peer.configuration?.iceServers).toEqual([{ urls: 'stun:mine.test' }]);
});

test('posts the offer without waiting for candidates', async ({ expect }) => {
  const h = createHarness();
  const outcome = h.session.connect().catch((error: unknown) => error);
  await settle();
  expect(h.posts).toHaveLength(1);
  await h.session.end();
  expect(await outcome).toBeInstanceOf(RealtimeError);
});

test('with relay, posts only after the first relay candidate', async ({ expect }) => {
  const { h, outcome } = startRelayCall();
  await settle();
  h.peer.gather(HOST);
  await settle();
  expect(h.posts).toHaveLength(0);
  h.peer.gather(RELAY);
  await settle();
  expect(h.posts).toHaveLength(1);
  expect(h.peer.configuration?.iceTransportPolicy).toBe('relay');
  await h.session.end();
  expect(await outcome).toMatchObject({ code: 'aborted' });
});

test('with relay, a refused credential fails as soon as gathering is complete', async ({ expect }) => {
  const { h, outcome } = startRelayCall();
  await settle();
  h.peer.refuseTurn(401);
  h.peer.gather(null);
  expect(await outcome).toMatchObject({ code: 'turn_unauthorized', step: 'offer', retryable: true });
  expect(h.broker.ended).toMatchObject([{ endedBy: 'error', reason: 'turn_unauthorized' }]);
  expect(h.posts).toEqual([]);
});

test('with relay, gathering that ends without a relay fails', async ({ expect }) => {
  const { h, outcome } = startRelayCall();
  await settle();
  h.peer.refuseTurn(701);
  h.peer.gather(null);
  expect(await outcome).toMatchObject({ code: 'ice_failed', step: 'offer' });
});

test('with relay, a TURN server that is silent fails at the deadline of the offer', async ({ expect }) => {
  const { h, outcome } = startRelayCall();
  await h.clock.advance(5_000);
  expect(await outcome).toMatchObject({ code: 'ice_failed', step: 'offer' });
});

test('with relay, a broker without TURN servers fails, and the minted row is closed', async ({ expect }) => {
  const refusal = new RealtimeError('turn_unavailable', 'None configured');
  const h = createHarness({
    iceTransportPolicy: 'relay',
    broker: { issueIceServers: () => Promise.reject(refusal) },
  });
  await expect(h.session.connect()).rejects.toMatchObject({ code: 'turn_unavailable', step: 'token' });
  expect(h.broker.ended).toMatchObject([
    { sessionId: 'ses_1', endedBy: 'error', reason: 'turn_unavailable' },
  ]);
});

test('with relay, servers without any TURN are as good as none', async ({ expect }) => {
  const h = createHarness({ iceTransportPolicy: 'relay', iceServers: [{ urls: ['stun:stun.test'] }] });
  await expect(h.session.connect()).rejects.toMatchObject({ code: 'turn_unavailable', step: 'token' });
  expect(h.microphones).toEqual([]);
});
