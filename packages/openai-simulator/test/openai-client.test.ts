import { readFile } from 'node:fs/promises';

import { cleanup } from 'node-datachannel';
import OpenAI, { AuthenticationError } from 'openai';
import { OpenAIRealtimeWS } from 'openai/realtime/ws';
import { afterAll, beforeAll, beforeEach, test } from 'vitest';

import { type Simulator, startSimulator } from '../src/index.ts';
import { Caller } from './support/caller.ts';
import { findBreaches } from './support/contract.ts';
import { EventLog } from './support/event-log.ts';

let simulator: Simulator;
let client: OpenAI;

beforeAll(async () => {
  simulator = await startSimulator();
  client = new OpenAI({ apiKey: simulator.apiKey, baseURL: `${simulator.url}/v1` });
});

beforeEach(() => simulator.admin.reset());

afterAll(async () => {
  await simulator.stop();
  cleanup();
});

test('realtime.clientSecrets.create gives a secret', async ({ expect }) => {
  const secret = await client.realtime.clientSecrets.create({
    expires_after: { anchor: 'created_at', seconds: 120 },
    session: { type: 'realtime', model: 'gpt-realtime-2.1', audio: { output: { voice: 'marin' } } },
  });
  expect(secret.value).toMatch(/^ek_/);
  expect(secret.session).toMatchObject({ type: 'realtime', audio: { output: { voice: 'marin' } } });
});

test("its errors are the SDK's own kinds", async ({ expect }) => {
  const stranger = new OpenAI({ apiKey: 'sk-wrong', baseURL: `${simulator.url}/v1` });
  await expect(stranger.realtime.clientSecrets.create({})).rejects.toThrow(AuthenticationError);
  const short = client.realtime.clientSecrets.create({ expires_after: { seconds: 1 } });
  await expect(short).rejects.toMatchObject({
    status: 400,
    code: 'integer_below_min_value',
    param: 'expires_after.seconds',
    requestID: expect.stringMatching(/^req_/),
  });
});

test('a rate limit is waited for and tried again', async ({ expect }) => {
  await simulator.admin.setFault({ action: { kind: 'status', status: 429, retryAfterMs: 30 } });
  expect((await client.realtime.clientSecrets.create({})).value).toMatch(/^ek_/);
  expect((await simulator.admin.requests()).map((entry) => entry.status)).toEqual([429, 200]);
});

test('realtime.calls.create exchanges an offer and calls.hangup ends the call', async ({ expect }) => {
  const caller = new Caller();
  const session = { type: 'realtime', model: 'gpt-realtime-2.1', instructions: 'Be brief.' } as const;
  const response = await client.realtime.calls.create({ sdp: await caller.offer(), session });
  const callId = response.headers.get('location')?.split('/').at(-1) ?? '';
  caller.accept(await response.text());
  expect((await caller.log.waitFor('session.created'))['session']).toMatchObject({
    instructions: 'Be brief.',
  });
  await client.realtime.calls.hangup(callId);
  await caller.closed;
  caller.close();
  const bad = client.realtime.calls.create({ sdp: 'v=0', session: { type: 'realtime' } });
  await expect(bad).rejects.toMatchObject({ status: 400, code: 'invalid_offer' });
});

test('OpenAIRealtimeWS holds a turn over TLS', async ({ expect }) => {
  const ca = await readFile(simulator.caFile);
  const secure = { apiKey: simulator.apiKey, baseURL: `${simulator.tlsUrl}/v1` };
  const realtime = new OpenAIRealtimeWS({ model: 'gpt-realtime-2.1', options: { ca } }, secure);
  const log = new EventLog();
  realtime.on('event', (event) => log.add(event));
  await log.waitFor('session.created');
  realtime.send({ type: 'session.update', session: { type: 'realtime', output_modalities: ['text'] } });
  const content = [{ type: 'input_text' as const, text: 'hello' }];
  realtime.send({ type: 'conversation.item.create', item: { type: 'message', role: 'user', content } });
  realtime.send({ type: 'response.create' });
  expect(await log.waitFor('response.output_text.done')).toMatchObject({ text: 'You wrote: hello' });
  await log.waitFor('response.done');
  expect(await findBreaches(log.events)).toEqual([]);
  realtime.close();
});

test('models.list and audio.transcriptions.create are served', async ({ expect }) => {
  const models = await client.models.list();
  expect(models.data.map((model) => model.id)).toContain('gpt-realtime-2.1');
  const header = Buffer.from('UklGRiQAAABXQVZFZm10IBAAAAABAAEAgD4AAAB9AAACABAAZGF0YQB9AAA=', 'base64');
  const file = new File([new Uint8Array(Buffer.concat([header, Buffer.alloc(32_000)]))], 'a.wav', {
    type: 'audio/wav',
  });
  const transcription = await client.audio.transcriptions.create({ file, model: 'gpt-4o-mini-transcribe' });
  expect(transcription.text).toBe('(1.0 seconds of audio)');
});
