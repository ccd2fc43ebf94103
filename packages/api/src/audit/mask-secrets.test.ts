import { test } from 'vitest';

import { maskSecrets } from './mask-secrets.ts';

const KEY = 'AKCANARY0123456789abcdefXYZ';

for (const { name, text, leaked } of [
  {
    name: 'an OpenAI key',
    text: 'Incorrect API key provided: sk-proj-abc123DEF456ghi789. You can find',
    leaked: 'abc123',
  },
  {
    name: 'a key that the provider shortened',
    text: 'Incorrect API key: sk-abcd***************wxyz.',
    leaked: 'wxyz',
  },
  {
    name: 'a Gemini key',
    text: 'API key AIzaSyA1234567890abcdefghijklmnopqrstuv not valid',
    leaked: 'SyA1234',
  },
  { name: 'an Anthropic key', text: 'invalid x-api-key sk-ant-api03-QWERTY-uiop', leaked: 'QWERTY' },
  { name: 'an authorization header', text: 'sent Authorization: Bearer abc.def~ghi123', leaked: 'abc.def' },
  {
    name: 'a token of three parts',
    text: 'bad token eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl',
    leaked: 'c2lnbmF0',
  },
  { name: 'a parameter', text: 'GET /v1/models?key=hunter2hunter2 failed', leaked: 'hunter2' },
  { name: 'a run of 32 hex digits', text: 'key 0123456789abcdef0123456789abcdef is bad', leaked: '89abcdef' },
]) {
  test(`${name} is masked wherever it stands`, ({ expect }) => {
    expect(maskSecrets(text)).not.toContain(leaked);
    expect(maskSecrets(text)).toContain('[masked]');
  });
}

test('a known key goes whatever its shape is, also where only its beginning or end is quoted', ({
  expect,
}) => {
  expect(maskSecrets(`a ${KEY} b`, [KEY])).toBe('a [masked] b');
  expect(maskSecrets(`starts with ${KEY.slice(0, 12)} and ends with ${KEY.slice(-12)}`, [KEY])).toBe(
    'starts with [masked] and ends with [masked]',
  );
});

test('a longer beginning of a known key goes as a whole', ({ expect }) => {
  expect(maskSecrets(`a ${KEY.slice(0, 20)}… b`, [KEY])).toBe('a [masked]… b');
});

test('another key that begins like the known one goes as a whole', ({ expect }) => {
  const known = 'sk-team-one-0123456789abcdefghij';
  expect(maskSecrets('bad sk-team-one-zyxwvutsrqponmlkj!', [known])).toBe('bad [masked]!');
});

test('a key in the middle of which a long text is cut leaves no piece behind', ({ expect }) => {
  expect(maskSecrets(`${`${KEY} `.repeat(73)}${KEY}${KEY}`, [KEY])).not.toMatch(/CANARY|abcdef|XYZ/);
});

test('a key that is cut by the limit leaves no piece behind', ({ expect }) => {
  const masked = maskSecrets(`${'x '.repeat(245)}${KEY}`, [KEY]);
  expect(masked).not.toContain('CANARY');
  expect(masked.length).toBeLessThanOrEqual(500);
});

test('an ordinary message stays as it is, ids and UUIDs included', ({ expect }) => {
  const text =
    'Rate limit reached for gpt-realtime-2.1 (request 3f0c8a52-6a2e-4f52-9a43-0d6f9be8a001): try again in 1.5 s';
  expect(maskSecrets(text)).toBe(text);
});

test('control characters become spaces, so that a foreign text cannot start a line of its own', ({
  expect,
}) => {
  expect(maskSecrets('one\r\n{"level":"error"}\u001B[31m\u0000two')).toBe('one {"level":"error"} [31m two');
});

test('hostile input costs little', ({ expect }) => {
  const startedAt = performance.now();
  for (const piece of ['key=', 'sk-', 'Bearer ', 'eyJ.', 'a'.repeat(40)])
    maskSecrets(piece.repeat(100_000), [KEY]);
  expect(performance.now() - startedAt).toBeLessThan(5_000);
});
