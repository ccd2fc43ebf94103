import { clientSecretResponseSchema, realtimeUsageSchema } from '@ephemera/realtime-protocol';
import { afterAll, beforeAll, beforeEach, test } from 'vitest';
import { type RawData, WebSocket } from 'ws';
import * as z from 'zod';

import { type Simulator, startSimulator } from '../src/index.ts';
import { findBreaches } from './support/contract.ts';
import { EventLog } from './support/event-log.ts';
import { createRequester } from './support/http.ts';
import { createSilence, createSpeech, joinSound, toBase64 } from './support/sound.ts';

let simulator: Simulator;

beforeAll(async () => {
  simulator = await startSimulator();
});

beforeEach(() => simulator.admin.reset());

afterAll(() => simulator.stop());

const readText = (data: RawData): string =>
  new TextDecoder().decode(Array.isArray(data) ? Buffer.concat(data) : data);

type Client = { socket: WebSocket; log: EventLog; closed: Promise<{ code: number; reason: string }> };

function connect(
  query: string,
  options: { protocols?: string[]; headers?: Record<string, string> } = {},
): Client {
  const url = `${simulator.url.replace('http', 'ws')}/v1/realtime${query}`;
  const headers = options.headers ?? { authorization: `Bearer ${simulator.apiKey}` };
  const socket = new WebSocket(url, options.protocols ?? [], { headers });
  const log = new EventLog();
  socket.on('message', (data) => log.add(readText(data)));
  const closed = new Promise<{ code: number; reason: string }>((resolve) => {
    socket.on('close', (code, reason) => resolve({ code, reason: String(reason) }));
  });
  return { socket, log, closed };
}

async function refusalOf({ socket }: Client): Promise<{ status: number; body: unknown }> {
  return new Promise((resolve, reject) => {
    socket.on('error', () => {});
    socket.on('open', () => reject(new Error('The socket opened.')));
    socket.on('unexpected-response', (_, response) => {
      let text = '';
      response.on('data', (chunk) => (text += String(chunk)));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body: JSON.parse(text) }));
    });
  });
}

test('a spoken turn by PCM16 in both directions', async ({ expect }) => {
  const { socket, log } = connect('?model=gpt-realtime-2.1');
  await log.waitFor('session.created');
  const sound = joinSound(createSilence(300), createSpeech(1_200), createSilence(700));
  for (let offset = 0; offset < sound.length; offset += 2_400) {
    const audio = toBase64(sound.slice(offset, offset + 2_400));
    socket.send(JSON.stringify({ type: 'input_audio_buffer.append', audio }));
  }
  const done = await log.waitFor('response.done');
  expect(done['response']).toMatchObject({ status: 'completed' });
  expect(await log.waitFor('response.output_audio_transcript.done')).toMatchObject({
    transcript: 'I heard you for one point two seconds, but I do not know what you said.',
  });
  const bytes = log.events
    .filter((event) => event.type === 'response.output_audio.delta')
    .reduce((sum, event) => sum + Buffer.from(String(event['delta']), 'base64').length, 0);
  expect(bytes / 48_000).toBeGreaterThan(2);
  expect(await findBreaches(log.events)).toEqual([]);
  socket.close();
});

test('a client secret opens a socket by subprotocol, with the session it was made for', async ({
  expect,
}) => {
  const session = { type: 'realtime', model: 'gpt-realtime-2', instructions: 'Be brief.' };
  const minted = await createRequester(simulator)('POST', '/v1/realtime/client_secrets', {
    body: { session },
  });
  const { value } = clientSecretResponseSchema.parse(await minted.json());
  const protocols = ['realtime', `openai-insecure-api-key.${value}`, 'openai-agents-sdk.0.20.0'];
  const { socket, log } = connect('?model=gpt-realtime-2', { protocols, headers: {} });
  expect((await log.waitFor('session.created'))['session']).toMatchObject({
    model: 'gpt-realtime-2',
    instructions: 'Be brief.',
  });
  expect(socket.protocol).toBe('realtime');
  const logged = (await simulator.admin.requests()).find((entry) => entry.kind === 'upgrade');
  expect(logged?.headers['sec-websocket-protocol']).toBe(
    `realtime,openai-insecure-api-key.…${value.slice(-4)},openai-agents-sdk.0.20.0`,
  );
  socket.close();
});

test('intent=transcription is a session that only listens', async ({ expect }) => {
  const { socket, log } = connect('?intent=transcription');
  expect((await log.waitFor('session.created'))['session']).toMatchObject({ type: 'transcription' });
  socket.close();
});

test('G.711 is understood and spoken', async ({ expect }) => {
  const { socket, log } = connect('?model=gpt-realtime-2.1');
  const format = { type: 'audio/pcmu' };
  const audio = { input: { format, turn_detection: null }, output: { format } };
  socket.on('open', () =>
    socket.send(JSON.stringify({ type: 'session.update', session: { type: 'realtime', audio } })),
  );
  await log.waitFor('session.updated');
  socket.send(
    JSON.stringify({
      type: 'input_audio_buffer.append',
      audio: Buffer.alloc(8_000, 0xff).toString('base64'),
    }),
  );
  socket.send(JSON.stringify({ type: 'input_audio_buffer.commit' }));
  socket.send(JSON.stringify({ type: 'response.create' }));
  const done = await log.waitFor('response.done');
  const { usage } = z.object({ usage: realtimeUsageSchema }).parse(done['response']);
  expect(usage.input_token_details).toMatchObject({ audio_tokens: 10 });
  const bytes = log.events
    .filter((event) => event.type === 'response.output_audio.delta')
    .reduce((sum, event) => sum + Buffer.from(String(event['delta']), 'base64').length, 0);
  expect(bytes / 8_000).toBeCloseTo((usage.output_token_details?.audio_tokens ?? 0) / 20, 0);
  socket.close();
});

test.for([
  [{ query: '?model=gpt-realtime-2.1', headers: {} }, 401],
  [{ query: '?model=gpt-realtime-2.1', headers: { authorization: 'Bearer sk-no' } }, 401],
] as const)('%o is refused at the handshake', async ([{ query, headers }, status], { expect }) => {
  const refusal = await refusalOf(connect(query, { headers }));
  expect(refusal).toMatchObject({ status, body: { error: { type: 'invalid_request_error' } } });
});

test.for([
  ['', {}, 'missing_model'],
  ['?model=gpt-9', {}, 'model_not_found'],
  ['?intent=poetry', {}, 'invalid_value'],
  ['?call_id=rtc_none', {}, 'call_id_not_found'],
  ['?model=gpt-realtime-2.1', { 'openai-beta': 'realtime=v1' }, 'beta_api_shape_disabled'],
] as const)('"%s" with %j gets one error event and close 4000', async ([query, extra, code], { expect }) => {
  const client = connect(query, { headers: { authorization: `Bearer ${simulator.apiKey}`, ...extra } });
  expect((await client.log.waitFor('error'))['error']).toMatchObject({ code, type: 'invalid_request_error' });
  expect(await client.closed).toEqual({ code: 4_000, reason: `invalid_request_error.${code}` });
});

test('the beta subprotocol is refused', async ({ expect }) => {
  const protocols = ['realtime', `openai-insecure-api-key.${simulator.apiKey}`, 'openai-beta.realtime-v1'];
  const client = connect('?model=gpt-realtime-2.1', { protocols, headers: {} });
  expect((await client.closed).reason).toBe('invalid_request_error.beta_api_shape_disabled');
});

test('the handshake can be refused and the socket closed by a fault', async ({ expect }) => {
  await simulator.admin.setFault({ match: { stage: 'upgrade' }, action: { kind: 'status', status: 429 } });
  expect(await refusalOf(connect('?model=gpt-realtime-2.1'))).toMatchObject({ status: 429 });
  await simulator.admin.setFault({ action: { kind: 'close_channel', afterMs: 20 } });
  expect((await connect('?model=gpt-realtime-2.1').closed).code).toBe(1_011);
});
