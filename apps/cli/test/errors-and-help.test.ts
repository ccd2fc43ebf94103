import { expect, test } from 'vitest';

import { KEY, Refusal, startFakeBroker } from './support/fake-broker.ts';
import { runHere } from './support/run-here.ts';

test.each([
  { status: 403, appCode: 'forbidden', code: 3 },
  { status: 404, appCode: 'not_found', code: 5 },
  { status: 409, appCode: 'conflict', code: 1 },
  { status: 429, appCode: 'rate_limited', code: 1 },
  { status: 503, appCode: 'unavailable', code: 4 },
])(
  '$appCode of the server ends with $code, in its own words and with the request id',
  async ({ status, appCode, code }) => {
    const details = { retryAfterSeconds: 7, issues: [{ path: 'name', message: 'too long' }] };
    await using broker = await startFakeBroker({
      add: () => {
        throw new Refusal(status, appCode, details);
      },
    });

    const outcome = await runHere({ args: ['add', '--provider', 'gemini'], env: broker.env, stdin: KEY });

    expect(outcome).toMatchObject({
      code,
      stderr: `keys: The broker says ${appCode}. (name: too long) Try again in 7 s. [${appCode}, req_1]\n`,
    });
  },
);

test('wrong credentials, no credentials and no server each say what to set', async () => {
  const broker = await startFakeBroker();
  const wrong = { ...broker.env, OPERATOR_PASSWORD: 'wrong-password' };
  expect(await runHere({ args: ['list'], env: wrong })).toMatchObject({
    code: 3,
    stderr: expect.stringContaining('OPERATOR_PASSWORD'),
  });
  expect(await runHere({ args: ['list'], env: { EPHEMERA_URL: broker.url } })).toMatchObject({ code: 3 });
  await broker[Symbol.asyncDispose]();
  expect(await runHere({ args: ['list'], env: broker.env })).toMatchObject({
    code: 4,
    stderr: expect.stringContaining(broker.url),
  });
  expect(await runHere({ args: ['list'] })).toMatchObject({
    code: 4,
    stderr: expect.stringContaining('EPHEMERA_URL'),
  });
  expect(await runHere({ args: ['list'], env: { EPHEMERA_URL: 'http://broker.example' } })).toMatchObject({
    code: 2,
  });
});

test('an operator with a second factor gives its code', async () => {
  await using broker = await startFakeBroker();
  broker.setCode('123456');
  for (const [env, text] of [
    [broker.env, 'set OPERATOR_CODE'],
    [{ ...broker.env, OPERATOR_CODE: '000000' }, 'does not accept this OPERATOR_CODE'],
  ] as const) {
    const outcome = await runHere({ args: ['list'], env });
    expect(outcome).toMatchObject({ code: 3, stderr: expect.stringContaining(text) });
  }
  const right = { ...broker.env, OPERATOR_CODE: '123456' };
  expect(await runHere({ args: ['list'], env: right })).toMatchObject({ code: 0 });
});

test('help is there for all and each; without a command it is wrong usage', async () => {
  const all = await runHere({ args: ['--help'] });
  expect(all.code).toBe(0);
  const names = [...all.stdout.matchAll(/^ {2}([a-z]+) {2,}/gm)].map((match) => match[1] ?? '');
  expect(names).toEqual([
    'list',
    'add',
    'test',
    'rotate',
    'disable',
    'enable',
    'drain',
    'delete',
    'usage',
    'rewrap',
    'env',
  ]);
  for (const name of names) {
    const { code, stdout } = await runHere({ args: [name, '--help'] });
    expect(code).toBe(0);
    expect(stdout).toContain(`Usage: npm run keys -- ${name}`);
  }
  expect((await runHere({ args: [] })).code).toBe(2);
  expect((await runHere({ args: ['dance'] })).code).toBe(2);
  expect((await runHere({ args: ['list', '--loud'] })).code).toBe(2);
  expect((await runHere({ args: ['test'] })).code).toBe(2);
});
