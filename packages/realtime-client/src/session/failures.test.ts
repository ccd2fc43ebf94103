import { test } from 'vitest';

import { SECRET } from '../../test/fake-broker.ts';
import { settle } from '../../test/fake-clock.ts';
import { createDevices, createFakeStream } from '../../test/fake-media.ts';
import { createHarness } from '../../test/harness.ts';
import type { Harness } from '../../test/harness.ts';
import { createRealtimeSession, RealtimeError } from '../index.ts';
import type { RealtimeErrorCode, SessionWarning } from '../index.ts';

/** Connects, and tells how it failed. */
async function fail(h: Harness): Promise<RealtimeError> {
  const error = await h.session.connect().then(
    () => new Error('It connected'),
    (cause: unknown) => cause,
  );
  if (error instanceof RealtimeError) return error;
  throw error;
}

/** The same, after `ms` in which nothing happens. */
async function failAfter(h: Harness, ms: number): Promise<RealtimeError> {
  const failing = fail(h);
  await h.clock.advance(ms);
  return await failing;
}

function answerWith(status: number, body: unknown, headers: Record<string, string> = {}) {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return { fetch: () => Promise.resolve(new Response(text, { status, headers })) };
}

function providerError(message: string, code: string | null = null) {
  return { error: { message, type: 'invalid_request_error', code, param: null } };
}

const MICROPHONE: [string, RealtimeErrorCode][] = [
  ['NotAllowedError', 'microphone_denied'],
  ['SecurityError', 'microphone_denied'],
  ['NotFoundError', 'microphone_missing'],
  ['OverconstrainedError', 'microphone_missing'],
  ['NotReadableError', 'microphone_failed'],
];

for (const [name, code] of MICROPHONE) {
  test(`a microphone that fails with ${name} is ${code}, and the row says so`, async ({ expect }) => {
    const mediaDevices = createDevices(() => Promise.reject(new DOMException('no', name)));
    const h = createHarness({ platform: { mediaDevices } });
    expect(await fail(h)).toMatchObject({ code, step: 'microphone', retryable: false });
    expect(h.session.state).toMatchObject({
      status: 'failed',
      error: { code },
      secret: { sessionId: 'ses_1' },
    });
    expect(h.broker.ended).toMatchObject([
      { sessionId: 'ses_1', duration: 0, messageCount: 0, endedBy: 'error', reason: code },
    ]);
    expect(h.peers).toEqual([]);
  });
}

test('a refused mint fails in the first step and reports nothing, since the broker wrote its own row', async ({
  expect,
}) => {
  const refusal = new RealtimeError('mint_refused', 'Not allowed', {
    brokerCode: 'forbidden',
    sessionId: 'ses_9',
  });
  const h = createHarness({ broker: { mint: () => Promise.reject(refusal) } });
  expect(await fail(h)).toMatchObject({
    code: 'mint_refused',
    step: 'token',
    brokerCode: 'forbidden',
    sessionId: 'ses_9',
  });
  expect(h.session.state).toMatchObject({ status: 'failed', secret: null });
  expect(h.broker.ended).toEqual([]);
  expect(h.microphones).toEqual([]);
});

const ANSWERS: {
  name: string;
  status: number;
  body: unknown;
  code: RealtimeErrorCode;
  retryable: boolean;
}[] = [
  {
    name: 'an unknown secret',
    status: 401,
    body: providerError('Incorrect key', 'invalid_api_key'),
    code: 'token_rejected',
    retryable: false,
  },
  {
    name: 'an expired secret',
    status: 401,
    body: providerError('Ephemeral key expired', 'token_expired'),
    code: 'token_expired',
    retryable: true,
  },
  {
    name: 'a malformed offer',
    status: 400,
    body: providerError('Failed to parse SDP offer'),
    code: 'sdp_invalid',
    retryable: false,
  },
  { name: 'a bare 400', status: 400, body: '', code: 'sdp_invalid', retryable: false },
  {
    name: 'an unknown model',
    status: 400,
    body: providerError('No such model', 'model_not_found'),
    code: 'call_rejected',
    retryable: false,
  },
  {
    name: 'no quota',
    status: 429,
    body: providerError('Over quota', 'insufficient_quota'),
    code: 'call_rejected',
    retryable: true,
  },
  { name: 'a broken provider', status: 503, body: '<html>', code: 'call_rejected', retryable: true },
  {
    name: 'an answer that is no SDP',
    status: 201,
    body: '{"ok":true}',
    code: 'sdp_invalid',
    retryable: false,
  },
  {
    name: 'an SDP the browser refuses',
    status: 201,
    body: 'v=0 broken',
    code: 'sdp_invalid',
    retryable: false,
  },
];

for (const { name, status, body, code, retryable } of ANSWERS) {
  test(`${name} (${status}) is ${code}, and the row says so`, async ({ expect }) => {
    const h = createHarness({ platform: answerWith(status, body, { 'x-request-id': 'req_1' }) });
    expect(await fail(h)).toMatchObject({ code, retryable, step: 'sdp_exchange' });
    expect(h.broker.ended).toMatchObject([{ endedBy: 'error', reason: code }]);
    expect(h.peer.isClosed).toBe(true);
    expect(h.peer.remoteDescription).toBeNull();
    expect(h.microphones[0]?.fakeTrack.isStopped).toBe(true);
  });
}

test('a refused call carries the provider’s code, status and request id', async ({ expect }) => {
  const body = providerError('Over quota', 'insufficient_quota');
  const h = createHarness({ platform: answerWith(429, body, { 'x-request-id': 'req_1' }) });
  expect(await fail(h)).toMatchObject({
    status: 429,
    providerCode: 'insufficient_quota',
    requestId: 'req_1',
  });
});

test('a 401 after the expiry of the secret is an expired secret, whatever the provider calls it', async ({
  expect,
}) => {
  const h = createHarness({
    broker: { mint: () => Promise.resolve({ ...SECRET, expiresAt: SECRET.serverTime }) },
    platform: answerWith(401, providerError('Incorrect key', 'invalid_api_key')),
  });
  expect(await fail(h)).toMatchObject({ code: 'token_expired' });
});

test('an unreachable provider is told apart from a refusing one', async ({ expect }) => {
  const h = createHarness({ platform: { fetch: () => Promise.reject(new TypeError('Failed to fetch')) } });
  expect(await fail(h)).toMatchObject({
    code: 'provider_unreachable',
    retryable: true,
    step: 'sdp_exchange',
  });
  expect(h.broker.ended).toMatchObject([{ endedBy: 'error', reason: 'provider_unreachable' }]);
});

test('a platform without WebRTC is unsupported', async ({ expect }) => {
  const h = createHarness();
  const session = createRealtimeSession({ broker: h.broker });
  await expect(session.connect()).rejects.toMatchObject({ code: 'unsupported' });
  expect(session.state).toMatchObject({ status: 'failed', error: { code: 'unsupported' } });
});

test('a connection that stays new for ever fails at the deadline', async ({ expect }) => {
  const h = createHarness();
  expect(await failAfter(h, 8_000)).toMatchObject({ code: 'ice_failed', step: 'data_channel' });
  expect(h.broker.ended).toMatchObject([{ endedBy: 'error', reason: 'ice_failed' }]);
  expect(h.clock.pendingTimers).toBe(0);
});

test('a connection that fails does so at once', async ({ expect }) => {
  const h = createHarness();
  const failing = fail(h);
  await settle();
  h.peer.changeState('failed');
  expect(await failing).toMatchObject({ code: 'ice_failed', step: 'data_channel' });
});

test('without a path and with a refused TURN credential, the credential is what failed', async ({
  expect,
}) => {
  const h = createHarness();
  const failing = fail(h);
  await settle();
  h.peer.refuseTurn(401);
  await h.clock.advance(8_000);
  expect(await failing).toMatchObject({ code: 'turn_unauthorized' });
});

test('a channel that never opens over a good path is a time-out', async ({ expect }) => {
  const h = createHarness();
  const failing = fail(h);
  await settle();
  h.peer.changeState('connected');
  await h.clock.advance(8_000);
  expect(await failing).toMatchObject({ code: 'timeout', step: 'data_channel' });
});

test('a provider that never greets is a time-out', async ({ expect }) => {
  const h = createHarness();
  const failing = fail(h);
  await settle();
  h.peer.channel.open();
  await h.clock.advance(5_000);
  expect(await failing).toMatchObject({ code: 'timeout', step: 'session_created' });
});

test('a provider that greets with an error has refused the call', async ({ expect }) => {
  const h = createHarness();
  const failing = fail(h);
  await settle();
  h.peer.channel.open();
  await settle();
  const error = { type: 'invalid_request_error', code: 'insufficient_quota', message: 'No more' };
  h.peer.channel.receiveEvent({ type: 'error', error });
  expect(await failing).toMatchObject({
    code: 'call_rejected',
    providerCode: 'insufficient_quota',
    step: 'session_created',
  });
});

test('a channel that closes before the greeting is closed, not slow', async ({ expect }) => {
  const h = createHarness();
  const failing = fail(h);
  await settle();
  h.peer.channel.open();
  await settle();
  h.peer.channel.closeRemotely();
  expect(await failing).toMatchObject({ code: 'channel_closed', step: 'session_created' });
});

test('all steps together have a deadline', async ({ expect }) => {
  const h = createHarness({ deadlines: { overallMs: 3_000 } });
  expect(await failAfter(h, 3_000)).toMatchObject({ step: 'data_channel' });
  expect(h.clock.monotonicMs()).toBe(3_000);
});

test('a mint that hangs is a time-out, and its late row is closed', async ({ expect }) => {
  const { promise: minted, resolve: answer } = Promise.withResolvers<typeof SECRET>();
  const h = createHarness({ broker: { mint: () => minted } });
  expect(await failAfter(h, 10_000)).toMatchObject({ code: 'timeout', step: 'token' });
  expect(h.broker.ended).toEqual([]);
  answer(SECRET);
  await settle();
  expect(h.broker.ended).toMatchObject([{ sessionId: 'ses_1', endedBy: 'error', reason: 'timeout' }]);
});

test('a person may take longer over the permission than the steps have', async ({ expect }) => {
  const { promise: granted, resolve: grant } = Promise.withResolvers<MediaStream>();
  const h = createHarness({ platform: { mediaDevices: createDevices(() => granted) } });
  const failing = fail(h);
  await h.clock.advance(30_000);
  grant(createFakeStream());
  await settle();
  expect(h.session.state).toMatchObject({ status: 'connecting', step: 'data_channel' });
  await h.session.end();
  expect(await failing).toMatchObject({ code: 'aborted' });
});

test('ICE servers that fail are only a warning', async ({ expect }) => {
  const h = createHarness({ broker: { issueIceServers: () => Promise.reject(new TypeError('away')) } });
  const warnings: SessionWarning[] = [];
  h.session.on('warning', (warning) => warnings.push(warning));
  await h.connect();
  expect(warnings).toMatchObject([{ code: 'ice_servers_unavailable', error: { code: 'turn_unavailable' } }]);
  expect(h.peer.configuration).toEqual({ iceServers: [], iceTransportPolicy: 'all' });
});

test('ICE servers that hang do not hold the call up for long', async ({ expect }) => {
  const h = createHarness({ broker: { issueIceServers: () => new Promise(() => {}) } });
  const failing = fail(h);
  await h.clock.advance(2_500);
  expect(h.session.state).toMatchObject({ status: 'connecting', step: 'data_channel' });
  await h.session.end();
  expect(await failing).toMatchObject({ code: 'aborted' });
});

function breakDown(): never {
  throw new Error('no audio here');
}

test('a platform that breaks while it is prepared is unsupported', async ({ expect }) => {
  const h = createHarness({ platform: { createAudioOutput: breakDown } });
  expect(await fail(h)).toMatchObject({ code: 'unsupported' });
  expect(h.session.state).toMatchObject({ status: 'failed', error: { code: 'unsupported' } });
});
