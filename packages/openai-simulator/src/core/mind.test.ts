import { test } from 'vitest';

import { createMind } from './mind.ts';
import { scriptSchema } from './script.ts';

const HEARD = { audioMs: 2_800, speechMs: 2_140 };
const speech = { kind: 'speech', speechMs: 2_140 } as const;

test('without a script the transcript and the answer tell how long the speech was', ({ expect }) => {
  const mind = createMind({ script: null, answerDelayMs: 5 });
  expect(mind.hear(HEARD)).toBe('(2.1 seconds of speech)');
  expect(mind.answer({ prompt: speech, toolNames: [], instructions: undefined })).toEqual({
    kind: 'say',
    text: 'I heard you for two point one seconds, but I do not know what you said.',
    delayMs: 5,
  });
});

test('what was written is repeated', ({ expect }) => {
  const mind = createMind({ script: null, answerDelayMs: 0 });
  const prompt = { kind: 'text', text: 'buy milk' } as const;
  expect(mind.answer({ prompt, toolNames: [], instructions: undefined })).toMatchObject({
    text: 'You wrote: buy milk',
  });
});

test('a script gives transcripts and answers in order and then ends', ({ expect }) => {
  const script = scriptSchema.parse({ turns: [{ hears: 'Hello.', says: 'Good day.' }, { says: 'Again?' }] });
  const mind = createMind({ script, answerDelayMs: 0 });
  const turn = () => [
    mind.hear(HEARD),
    mind.answer({ prompt: speech, toolNames: [], instructions: undefined }),
  ];
  expect(turn()).toEqual(['Hello.', { kind: 'say', text: 'Good day.', delayMs: 0 }]);
  expect(turn()).toEqual(['(2.1 seconds of speech)', { kind: 'say', text: 'Again?', delayMs: 0 }]);
  expect(turn()[1]).toMatchObject({ text: expect.stringContaining('I heard you for') });
});

test('a scripted tool is called when the session has it, and its output is spoken of', ({ expect }) => {
  const tool = { name: 'get_weather', arguments: { city: 'Lisbon' } };
  const script = scriptSchema.parse({ turns: [{ says: 'It is {output}.', tool }] });
  const mind = createMind({ script, answerDelayMs: 0 });
  mind.hear(HEARD);
  expect(mind.answer({ prompt: speech, toolNames: ['get_weather'], instructions: undefined })).toEqual({
    kind: 'call',
    name: 'get_weather',
    arguments: '{"city":"Lisbon"}',
    delayMs: 0,
  });
  const prompt = { kind: 'tool_output', output: 'sunny' } as const;
  expect(mind.answer({ prompt, toolNames: ['get_weather'], instructions: undefined })).toMatchObject({
    text: 'It is sunny.',
  });
});

test('a scripted tool that the session lacks is not called', ({ expect }) => {
  const script = scriptSchema.parse({ turns: [{ says: 'No tool.', tool: { name: 'get_weather' } }] });
  const mind = createMind({ script, answerDelayMs: 0 });
  mind.hear(HEARD);
  expect(mind.answer({ prompt: speech, toolNames: [], instructions: undefined })).toMatchObject({
    text: 'No tool.',
  });
});
