import { createSocket } from 'node:dgram';

import { cleanup } from 'node-datachannel';
import { afterAll, beforeAll, beforeEach, test } from 'vitest';
import * as z from 'zod';

import { type Simulator, startSimulator } from '../src/index.ts';
import { Caller } from './support/caller.ts';
import { findBreaches } from './support/contract.ts';
import { createSilence, createSpeech, joinSound } from './support/sound.ts';

let simulator: Simulator;
const callers: Caller[] = [];

beforeAll(async () => {
  simulator = await startSimulator();
});

beforeEach(() => simulator.admin.reset());

afterAll(async () => {
  for (const caller of callers) caller.close();
  await simulator.stop();
  cleanup();
});

const AUDIBLE_RMS = 300;

async function mint(session: object = { type: 'realtime' }): Promise<string> {
  const response = await fetch(`${simulator.url}/v1/realtime/client_secrets`, {
    method: 'POST',
    headers: { authorization: `Bearer ${simulator.apiKey}`, 'content-type': 'application/json' },
    body: JSON.stringify({ session }),
  });
  return z.object({ value: z.string() }).parse(await response.json()).value;
}

async function postOffer(secret: string, offer: string): Promise<Response> {
  return fetch(`${simulator.url}/v1/realtime/calls`, {
    method: 'POST',
    headers: { authorization: `Bearer ${secret}`, 'content-type': 'application/sdp' },
    body: offer,
  });
}

async function call(session?: object): Promise<{ caller: Caller; callId: string }> {
  const caller = new Caller();
  callers.push(caller);
  const response = await postOffer(await mint(session), await caller.offer());
  caller.accept(await response.text());
  await caller.log.waitFor('session.created');
  return { caller, callId: response.headers.get('location')?.split('/').at(-1) ?? '' };
}

test("an offer is answered with 201, an SDP and the call's place", async ({ expect }) => {
  const caller = new Caller();
  callers.push(caller);
  const response = await postOffer(await mint(), await caller.offer());
  expect(response.status).toBe(201);
  expect(response.headers.get('content-type')).toBe('application/sdp');
  expect(response.headers.get('location')).toMatch(/^\/v1\/realtime\/calls\/rtc_\w+$/);
  const answer = await response.text();
  expect(answer).toMatch(/a=candidate:.* 127\.0\.0\.1 \d+ typ host/);
  expect(answer).toMatch(/a=msid:/);
});

test('speech is heard, answered audibly, and can be talked over', async ({ expect }) => {
  const { caller } = await call({
    type: 'realtime',
    audio: { input: { transcription: { model: 'gpt-4o-mini-transcribe' } } },
  });
  await caller.speak(joinSound(createSilence(200), createSpeech(1_000), createSilence(700)));
  const heard = await caller.log.waitFor('conversation.item.input_audio_transcription.completed');
  expect(heard['transcript']).toMatch(/^\(1\.\d seconds of speech\)$/);
  await caller.log.waitFor('output_audio_buffer.started');
  const from = caller.heard.length;
  await caller.speak(createSilence(1_000));
  const loud = caller.heard.slice(from).filter((frame) => frame.rms > AUDIBLE_RMS);
  expect(loud.length).toBeGreaterThan(20);

  await caller.speak(createSpeech(500));
  const done = await caller.log.waitFor('response.done');
  expect(done['response']).toMatchObject({
    status: 'cancelled',
    status_details: { reason: 'turn_detected' },
  });
  const types = caller.log.types;
  const cut = types.indexOf(
    'input_audio_buffer.speech_started',
    types.indexOf('output_audio_buffer.started'),
  );
  expect(types.slice(cut + 1, cut + 3)).toEqual([
    'output_audio_buffer.cleared',
    'conversation.item.truncated',
  ]);
  const after = caller.heard.length;
  await caller.speak(createSpeech(200));
  expect(caller.heard.slice(after + 3).filter((frame) => frame.rms > AUDIBLE_RMS)).toEqual([]);
  expect(await findBreaches(caller.log.events)).toEqual([]);
});

test('a microphone that falls silent by sending nothing ends the turn', async ({ expect }) => {
  const { caller } = await call();
  await caller.speak(createSpeech(600));
  await caller.log.waitFor('input_audio_buffer.committed');
  expect(await caller.log.waitFor('output_audio_buffer.started')).toHaveProperty('response_id');
});

test('written words are answered over the same channel', async ({ expect }) => {
  const { caller } = await call({ type: 'realtime', output_modalities: ['text'] });
  const content = [{ type: 'input_text', text: 'hello' }];
  caller.send({ type: 'conversation.item.create', item: { type: 'message', role: 'user', content } });
  caller.send({ type: 'response.create' });
  expect(await caller.log.waitFor('response.output_text.done')).toMatchObject({ text: 'You wrote: hello' });
});

test('hanging up closes the channel at once', async ({ expect }) => {
  const { caller, callId } = await call();
  const hangUp = (key: string) =>
    fetch(`${simulator.url}/v1/realtime/calls/${callId}/hangup`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}` },
    });
  expect((await hangUp(await mint())).status).toBe(401);
  expect((await hangUp(simulator.apiKey)).status).toBe(200);
  await caller.closed;
  expect((await hangUp(simulator.apiKey)).status).toBe(404);
  expect(await simulator.admin.calls()).toMatchObject([{ id: callId, state: 'ended', transport: 'webrtc' }]);
});

test('a second socket on the call sees its events and may change it', async ({ expect }) => {
  const { caller, callId } = await call();
  const socket = new WebSocket(`${simulator.url.replace('http', 'ws')}/v1/realtime?call_id=${callId}`, [
    'realtime',
    `openai-insecure-api-key.${simulator.apiKey}`,
  ]);
  const updated = new Promise((resolve) => {
    socket.addEventListener('message', (message) => resolve(JSON.parse(String(message.data))));
  });
  await new Promise((resolve) => socket.addEventListener('open', resolve));
  socket.send(
    JSON.stringify({ type: 'session.update', session: { type: 'realtime', instructions: 'Be brief.' } }),
  );
  const seen = await caller.log.waitFor('session.updated');
  expect(seen['session']).toMatchObject({ instructions: 'Be brief.' });
  expect(await updated).toEqual(seen);
  socket.close();
});

test('a client secret opens several calls, each a session of its own, until it expires', async ({
  expect,
}) => {
  const secret = await mint();
  const ids: unknown[] = [];
  for (let attempt = 0; attempt < 2; attempt += 1) {
    const caller = new Caller();
    callers.push(caller);
    caller.accept(await (await postOffer(secret, await caller.offer())).text());
    ids.push(
      z.looseObject({ id: z.string() }).parse((await caller.log.waitFor('session.created'))['session']).id,
    );
  }
  expect(new Set(ids).size).toBe(2);
  await simulator.admin.setFault({ action: { kind: 'expire_secrets' } });
  const refused = await postOffer(secret, 'v=0');
  expect(refused.status).toBe(401);
  expect(await refused.json()).toMatchObject({
    error: { code: 'token_expired', type: 'invalid_request_error' },
  });
});

test.for([
  ['v=0\r\n', 'no audio section'],
  ['nonsense', 'does not begin with v=0'],
  [
    'v=0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 0\r\nm=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\n',
    'no ice-ufrag',
  ],
] as const)('the offer %j is refused', async ([offer, reason], { expect }) => {
  const response = await postOffer(await mint(), offer);
  expect(response.status).toBe(400);
  expect(await response.json()).toMatchObject({
    error: { type: 'invalid_request_error', code: 'invalid_offer', message: expect.stringContaining(reason) },
  });
});

test('a call can lose its channel, get an error event, a useless answer or none that connects', async ({
  expect,
}) => {
  await simulator.admin.setFault({
    action: { kind: 'error_event', afterMs: 0, code: 'server_error', message: 'Oh dear.' },
  });
  await simulator.admin.setFault({ action: { kind: 'close_channel', afterMs: 50 } });
  const { caller } = await call();
  expect((await caller.log.waitFor('error'))['error']).toMatchObject({ message: 'Oh dear.' });
  await caller.closed;

  const next = new Caller();
  callers.push(next);
  const offer = await next.offer();
  await simulator.admin.setFault({ action: { kind: 'bad_sdp' } });
  const broken = await postOffer(await mint(), offer);
  expect([broken.status, await broken.text()]).toEqual([201, expect.not.stringContaining('m=audio')]);
  await simulator.admin.setFault({ action: { kind: 'ice_never' } });
  expect(await (await postOffer(await mint(), offer)).text()).not.toContain('a=candidate');
});

async function findFreeUdpPort(): Promise<number> {
  const socket = createSocket('udp4');
  await new Promise<void>((resolve) => {
    socket.bind(0, resolve);
  });
  const { port } = socket.address();
  await new Promise<void>((resolve) => {
    socket.close(resolve);
  });
  return port;
}

test('all calls can share one UDP port', async ({ expect }) => {
  const udpPort = await findFreeUdpPort();
  await using narrow = await startSimulator({ udpPort });
  const headers = { authorization: `Bearer ${narrow.apiKey}`, 'content-type': 'application/sdp' };
  for (let count = 0; count < 2; count += 1) {
    const caller = new Caller();
    callers.push(caller);
    const body = await caller.offer();
    const answer = await (
      await fetch(`${narrow.url}/v1/realtime/calls`, { method: 'POST', headers, body })
    ).text();
    expect(answer).toMatch(new RegExp(`127\\.0\\.0\\.1 ${udpPort} typ host`));
    caller.accept(answer);
    await caller.log.waitFor('session.created');
  }
  expect(await narrow.admin.calls()).toMatchObject([{ state: 'active' }, { state: 'active' }]);
});
