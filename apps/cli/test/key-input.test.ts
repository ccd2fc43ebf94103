import { expect, test } from 'vitest';

import { createSummary, KEY, startFakeBroker } from './support/fake-broker.ts';
import { runHere } from './support/run-here.ts';

const ID = createSummary().id;
const WORKS = { ok: true, code: null, message: 'The key works.', latencyMs: 12.4, status: 200 };

test('add takes the key from standard input and shows the end of it only', async () => {
  const key = createSummary({ name: 'fresh' });
  await using broker = await startFakeBroker({ add: () => ({ key, test: WORKS }) });
  const args = [
    'add',
    '--provider',
    'gemini',
    '--name',
    'fresh',
    '--domain',
    'proj_1',
    '--weight',
    '3',
    '--test',
  ];

  const { code, stdout, stderr } = await runHere({ args, env: broker.env, stdin: `${KEY}\n` });

  expect(code).toBe(0);
  expect(broker.calls).toEqual([
    {
      verb: 'add',
      input: { provider: 'gemini', name: 'fresh', key: KEY, weight: 3, limitDomain: 'proj_1', test: true },
    },
  ]);
  expect(stdout).toBe(`Added fresh (gemini …6789, ${ID}): active. It works (12 ms).\n`);
  expect(stdout + stderr).not.toContain(KEY);
});

test.each([
  [WORKS, 0, 'It works (12 ms).\n'],
  [
    { ok: false, code: 'invalid_api_key', message: 'Rejected.', latencyMs: 9, status: 401 },
    1,
    'It does not work: Rejected. (invalid_api_key, HTTP 401, 9 ms).\n',
  ],
])('test-candidate shows a key that is not stored to its provider: %o', async (answer, exitCode, shown) => {
  await using broker = await startFakeBroker({ testCandidate: () => answer });
  const args = ['test-candidate', '--provider', 'gemini'];

  const { code, stdout, stderr } = await runHere({ args, env: broker.env, stdin: `${KEY}\n` });

  expect(broker.calls).toEqual([{ verb: 'testCandidate', input: { provider: 'gemini', key: KEY } }]);
  expect({ code, stdout }).toEqual({ code: exitCode, stdout: shown });
  expect(stdout + stderr).not.toContain(KEY);
});

test('at a terminal the key is asked for without echo; corrections and pastes work', async () => {
  await using broker = await startFakeBroker({ add: () => ({ key: createSummary(), test: null }) });
  const types = [`\u001b[200~x\u007f${KEY}\u001b[201~\r`];

  const { code, stdout, stderr, rawModes } = await runHere({
    args: ['add', '--provider', 'gemini'],
    env: broker.env,
    types,
  });

  expect(code).toBe(0);
  expect(broker.calls[0]?.input).toEqual({ provider: 'gemini', name: 'gemini 2026-11-22', key: KEY });
  expect(rawModes).toEqual([true, false]);
  expect(stdout + stderr).not.toContain(KEY);
});

test('Ctrl-C at the prompt changes nothing and gives the terminal back', async () => {
  await using broker = await startFakeBroker();

  const { code, rawModes } = await runHere({
    args: ['add', '--provider', 'gemini'],
    env: broker.env,
    types: ['AIzaHalf\u0003'],
  });

  expect(code).toBe(130);
  expect(rawModes).toEqual([true, false]);
  expect(broker.calls).toEqual([]);
});

test.each([
  { name: 'nothing', stdin: '' },
  { name: 'white space', stdin: ' \n' },
  { name: 'two lines', stdin: `${KEY}\n${KEY}\n` },
  { name: 'something short', stdin: 'abc' },
  { name: 'a whole file', stdin: 'x'.repeat(10_000) },
])('$name on standard input is refused, unseen', async ({ stdin }) => {
  await using broker = await startFakeBroker();

  const { code, stdout, stderr } = await runHere({
    args: ['add', '--provider', 'gemini'],
    env: broker.env,
    stdin,
  });

  expect(code).toBe(2);
  expect(stdout + stderr).not.toContain(KEY);
  expect(broker.calls).toEqual([]);
});

test.each([
  ['as a word', ['add', '--provider', 'gemini', KEY]],
  ['as the only word', ['add', KEY]],
  ['behind --key', ['add', '--key', 'short']],
  ['behind --key=', ['add', `--key=${KEY}`]],
  ['behind --api-key', ['add', '--api-key', KEY]],
  ['as a name', ['add', '--name', KEY]],
  ['as a name with =', ['add', `--name=${KEY}`]],
  ['of another provider', ['rotate', 'prod-1', 'sk-proj-abcdefghijklmnop']],
  ['of 40 hex digits', ['add', '0123456789abcdef0123456789abcdef01234567']],
  ['behind something else', ['test', 'foo:sk-proj-abcdefghijklmnop']],
  ['inside a name', ['add', '--provider', 'gemini', '--name', 'x sk-proj-abcdefghijklmnop']],
  ['inside a provider', ['env', '--print', '--provider=gemini,sk-proj-abcdefghijklmnop']],
  ['as a file', ['env', '--provider', 'gemini', '--file', 'sk-proj-abcdefghijklmnopqrstuvwx']],
  ['as a JWT', ['test', 'eyJhbGciOiJSUzI1NiJ9.eyJzdWIi.x']],
  ['as a command', [KEY]],
])('a key on the command line (%s) is refused without being repeated', async (_, args) => {
  await using broker = await startFakeBroker();

  const { code, stdout, stderr } = await runHere({ args, env: broker.env, stdin: KEY });

  expect(code).toBe(2);
  for (const word of args.filter(({ length }) => length > 12)) expect(stdout + stderr).not.toContain(word);
  expect(stderr).toContain(args[0] === KEY ? 'There is no command' : 'standard input');
  expect(broker.calls).toEqual([]);
});
