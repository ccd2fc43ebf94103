import { OpenAIRealtimeWebSocket, RealtimeAgent, RealtimeSession, tool } from '@openai/agents-realtime';
import { afterAll, beforeAll, beforeEach, test } from 'vitest';
import * as z from 'zod';

import { type Simulator, startSimulator } from '../src/index.ts';
import { createSilence, createSpeech, joinSound } from './support/sound.ts';

let simulator: Simulator;

beforeAll(async () => {
  simulator = await startSimulator();
});

beforeEach(() => simulator.admin.reset());

afterAll(() => simulator.stop());

async function connect(agent: RealtimeAgent): Promise<RealtimeSession> {
  const transport = new OpenAIRealtimeWebSocket({
    url: `${simulator.url.replace('http', 'ws')}/v1/realtime?model=gpt-realtime-2.1`,
  });
  const session = new RealtimeSession(agent, { transport });
  await session.connect({ apiKey: simulator.apiKey });
  return session;
}

function toArrayBuffer(pcm: Int16Array): ArrayBuffer {
  const buffer = new ArrayBuffer(pcm.byteLength);
  new Int16Array(buffer).set(pcm);
  return buffer;
}

/** Resolves with the session's history once the assistant's message in it is complete. */
function whenAnswered(session: RealtimeSession): Promise<{ role: string; text: string }[]> {
  return new Promise((resolve) => {
    session.on('history_updated', (history) => {
      const messages = history.filter((item) => item.type === 'message');
      const isComplete = messages.some((item) => item.role === 'assistant' && item.status === 'completed');
      if (!isComplete) return;
      resolve(
        messages.map((item) => ({
          role: item.role,
          text: item.content.map((part) => ('transcript' in part ? part.transcript : '')).join(''),
        })),
      );
    });
  });
}

test('a spoken turn: both sides stand in the history and sound comes back', async ({ expect }) => {
  await simulator.admin.setScript({ turns: [{ hears: 'Good morning.', says: 'Good morning to you.' }] });
  const session = await connect(new RealtimeAgent({ name: 'Tester', instructions: 'Answer.' }));
  let bytes = 0;
  session.on('audio', (event) => (bytes += event.data.byteLength));
  const errors: unknown[] = [];
  session.on('error', (error) => errors.push(error));
  const answered = whenAnswered(session);
  const sound = joinSound(createSilence(200), createSpeech(1_000), createSilence(1_000));
  session.sendAudio(toArrayBuffer(sound));
  expect(await answered).toEqual([
    { role: 'user', text: 'Good morning.' },
    { role: 'assistant', text: 'Good morning to you.' },
  ]);
  expect(bytes / 48_000).toBeGreaterThan(0.5);
  expect(errors).toEqual([]);
  session.close();
});

test('a tool of the agent is called and its result spoken of', async ({ expect }) => {
  const cities: string[] = [];
  const weather = tool({
    name: 'get_weather',
    description: 'The weather of a city.',
    parameters: z.object({ city: z.string() }),
    execute: ({ city }) => {
      cities.push(city);
      return `sunny in ${city}`;
    },
  });
  const call = { name: 'get_weather', arguments: { city: 'Lisbon' } };
  await simulator.admin.setScript({
    turns: [{ hears: 'The weather?', says: 'It is {output}.', tool: call }],
  });
  const session = await connect(
    new RealtimeAgent({ name: 'Tester', instructions: 'Answer.', tools: [weather] }),
  );
  const answered = whenAnswered(session);
  session.sendMessage('What is the weather?');
  expect((await answered).at(-1)).toEqual({ role: 'assistant', text: 'It is sunny in Lisbon.' });
  expect(cities).toEqual(['Lisbon']);
  session.close();
});
