import { test } from 'vitest';

import { settle } from '../../test/fake-clock.ts';
import { createHarness } from '../../test/harness.ts';

test('a closed data channel is the end of the call', async ({ expect }) => {
  const h = createHarness();
  await h.connect();
  await h.clock.advance(4_000);
  h.peer.channel.closeRemotely();
  await settle();
  const expected = { endedBy: 'error', reason: 'channel_closed' };
  expect(h.session.state).toMatchObject({
    ...expected,
    status: 'ended',
    error: { code: 'channel_closed' },
    durationSeconds: 4,
  });
  expect(h.broker.ended).toMatchObject([{ ...expected, duration: 4 }]);
  expect(h.peer.isClosed).toBe(true);
});

test('a call that reached the provider’s limit ended by time', async ({ expect }) => {
  const h = createHarness();
  await h.connect();
  const error = {
    type: 'invalid_request_error',
    code: 'session_expired',
    message: 'Your session hit the maximum',
  };
  h.peer.channel.receiveEvent({ type: 'error', error });
  h.peer.channel.closeRemotely();
  await settle();
  expect(h.session.state).toMatchObject({ endedBy: 'timeout', reason: 'session_expired' });
  expect(h.broker.ended).toMatchObject([{ endedBy: 'timeout', reason: 'session_expired' }]);
});

test('a path that comes back within eight seconds keeps the call', async ({ expect }) => {
  const h = createHarness();
  await h.connect();
  h.peer.changeState('disconnected');
  expect(h.session.state).toMatchObject({ status: 'connected', path: 'interrupted' });
  await h.clock.advance(7_900);
  h.peer.changeState('connected');
  expect(h.session.state).toMatchObject({ status: 'connected', path: 'live' });
  await h.clock.advance(20_000);
  expect(h.session.state.status).toBe('connected');
});

test('a path that stays away ends the call', async ({ expect }) => {
  const h = createHarness();
  await h.connect();
  h.peer.changeState('disconnected');
  await h.clock.advance(8_000);
  expect(h.session.state).toMatchObject({ status: 'ended', endedBy: 'error', reason: 'ice_failed' });
});

test('a path that breaks for good ends the call at once', async ({ expect }) => {
  const h = createHarness();
  await h.connect();
  h.peer.changeState('failed');
  expect(h.session.state).toMatchObject({ status: 'ended', reason: 'ice_failed' });
});

test('samples the quality of the path and follows a change of it', async ({ expect }) => {
  const h = createHarness();
  const roundTrips: (number | null)[] = [];
  h.session.on('stats', ({ roundTripMs }) => roundTrips.push(roundTripMs));
  await h.connect();
  h.peer.stats = h.peer.stats.map((stat) =>
    'candidateType' in stat ? { ...stat, candidateType: 'relay' } : stat,
  );
  await h.clock.advance(2_000);
  expect(roundTrips).toEqual([12, 12]);
  expect(h.session.state).toMatchObject({ icePair: { local: 'relay', remote: 'relay', protocol: 'udp' } });
});
