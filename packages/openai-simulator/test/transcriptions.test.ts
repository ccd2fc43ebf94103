import { afterAll, beforeAll, beforeEach, test } from 'vitest';

import { type Simulator, startSimulator } from '../src/index.ts';

let simulator: Simulator;

beforeAll(async () => {
  simulator = await startSimulator();
});

beforeEach(() => simulator.admin.reset());

afterAll(() => simulator.stop());

function createWav(durationMs: number): Buffer {
  const data = Buffer.alloc(durationMs * 32);
  const header = Buffer.alloc(44);
  header.write('RIFF', 0, 'latin1');
  header.writeUInt32LE(36 + data.length, 4);
  header.write('WAVEfmt ', 8, 'latin1');
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(1, 20);
  header.writeUInt16LE(1, 22);
  header.writeUInt32LE(16_000, 24);
  header.writeUInt32LE(32_000, 28);
  header.writeUInt16LE(2, 32);
  header.writeUInt16LE(16, 34);
  header.write('data', 36, 'latin1');
  header.writeUInt32LE(data.length, 40);
  return Buffer.concat([header, data]);
}

async function upload(fields: Record<string, string | Blob>): Promise<Response> {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) {
    if (typeof value === 'string') form.append(name, value);
    else form.append(name, value, 'speech.wav');
  }
  return fetch(`${simulator.url}/v1/audio/transcriptions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${simulator.apiKey}` },
    body: form,
  });
}

const wav = (durationMs: number) => new Blob([new Uint8Array(createWav(durationMs))], { type: 'audio/wav' });

test('an upload is answered with its length and billed by it', async ({ expect }) => {
  const byTokens = await upload({ file: wav(2_500), model: 'gpt-4o-mini-transcribe' });
  expect(await byTokens.json()).toMatchObject({
    text: '(2.5 seconds of audio)',
    usage: { type: 'tokens', input_tokens: 25, input_token_details: { audio_tokens: 25 } },
  });
  const bySeconds = await upload({ file: wav(2_500), model: 'whisper-1' });
  expect(await bySeconds.json()).toMatchObject({ usage: { type: 'duration', seconds: 2.5 } });
  const logged = (await simulator.admin.requests())[0];
  expect(logged?.body).toMatchObject({
    model: 'gpt-4o-mini-transcribe',
    file: { name: 'speech.wav', type: 'audio/wav' },
  });
});

test('text is text, and a script says what was heard', async ({ expect }) => {
  await simulator.admin.setScript({ transcriptions: ['First.', 'Second.'] });
  const texts = [];
  for (let take = 0; take < 3; take += 1) {
    texts.push(
      await (await upload({ file: wav(1_000), model: 'whisper-1', response_format: 'text' })).text(),
    );
  }
  expect(texts).toEqual(['First.\n', 'Second.\n', '(1.0 seconds of audio)\n']);
});

test.for([
  [{ model: 'whisper-1' }, 400, 'file', 'missing_required_parameter'],
  [{ file: wav(100) }, 400, 'model', 'missing_required_parameter'],
  [{ file: wav(100), model: 'gpt-realtime' }, 404, 'model', 'model_not_found'],
  [
    { file: wav(100), model: 'whisper-1', response_format: 'srt' },
    400,
    'response_format',
    'unsupported_value',
  ],
  [{ file: new Blob(['no sound']), model: 'whisper-1' }, 400, 'file', 'invalid_value'],
] as const)('%o is refused with %i', async ([fields, status, param, code], { expect }) => {
  const response = await upload(fields);
  expect(response.status).toBe(status);
  expect(await response.json()).toMatchObject({ error: { param, code } });
});
