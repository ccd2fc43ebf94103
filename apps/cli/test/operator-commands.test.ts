import { expect, test } from 'vitest';

import { createList, createSummary, KEY, startFakeBroker } from './support/fake-broker.ts';
import { runHere } from './support/run-here.ts';

const ID = createSummary().id;
const WORKS = { ok: true, code: null, message: 'The key works.', latencyMs: 12.4, status: 200 };
const REJECTED = { ok: false, code: 'invalid_api_key', message: 'Rejected.', latencyMs: 9, status: 401 };

test('list shows health, reason, until and use as a table, alerts below, and never a key', async () => {
  const keys = [
    createSummary(),
    createSummary({
      id: 'pkey_0000000000000000000000000b',
      name: 'spare',
      state: 'cooling_down',
      reason: 'rate_limited',
      until: '2026-11-22T03:00:42.000Z',
      uses24h: 1_204,
    }),
  ];
  const alert = {
    id: 'alr_1',
    kind: 'provider_key_quarantined',
    keyId: ID,
    keyName: 'prod-1',
    message: 'prod-1 was rejected',
    at: '2026-11-22T02:00:00.000Z',
  };
  await using broker = await startFakeBroker({
    list: () => createList(keys, { alerts: [alert], pendingRewrap: 2 }),
  });

  const { code, stdout, stderr } = await runHere({ args: ['list'], env: broker.env });

  expect(code).toBe(0);
  const hours = '·······················█';
  expect(stdout.split('\n').map((line) => line.split(/ {2,}/).join('|'))).toEqual([
    'NAME|PROVIDER|KEY|STATE|USES 24H|ERRORS 24H|BY HOUR|OPEN|LAST USED|ID',
    `prod-1|gemini|…6789|active|12|1|${hours}|0|60 s ago|pkey_0000000000000000000000000a`,
    `spare|gemini|…6789|cooling_down (rate_limited) over in 42 s|1204|1|${hours}|0|60 s ago|pkey_0000000000000000000000000b`,
    '! prod-1 was rejected (60 min ago)',
    '',
  ]);
  expect(stderr).toContain('2 keys are under an older key-encryption key');
});

test('list passes its filters on, refuses a state that there is not, and gives JSON on demand', async () => {
  await using broker = await startFakeBroker({ list: () => createList([]) });
  const args = ['list', '--provider', 'gemini', '--state', 'exhausted'];

  expect((await runHere({ args, env: broker.env })).stdout).toBe('No keys.\n');
  expect(broker.calls).toEqual([{ verb: 'list', input: { provider: 'gemini', state: 'exhausted' } }]);
  const { stdout } = await runHere({ args: ['list', '--json'], env: broker.env });
  expect(JSON.parse(stdout)).toEqual(createList([]));
  expect(await runHere({ args: ['list', '--state', 'tired'], env: broker.env })).toMatchObject({ code: 2 });
});

test('names from the server cannot move the cursor', async () => {
  const list = createList([createSummary({ name: 'evil\u001b[2J\u202e' })]);
  await using broker = await startFakeBroker({ list: () => list });

  const { stdout } = await runHere({ args: ['list'], env: broker.env });

  // oxlint-disable-next-line no-control-regex -- because that is what must not be there
  expect(stdout).not.toMatch(/[\u001b\u202e]/);
});

test('a tested key tells how it went and ends with 1 when the key does not work', async () => {
  let result: object = WORKS;
  await using broker = await startFakeBroker({ test: () => ({ key: createSummary(), test: result }) });

  expect(await runHere({ args: ['test', 'prod-1'], env: broker.env })).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('It works (12 ms).'),
  });
  result = REJECTED;
  expect(await runHere({ args: ['test', ID], env: broker.env })).toMatchObject({
    code: 1,
    stdout: expect.stringContaining('does not work: Rejected. (invalid_api_key, HTTP 401, 9 ms)'),
  });
  expect(broker.calls.filter(({ verb }) => verb === 'test').map(({ input }) => input)).toEqual([
    { id: ID },
    { id: ID },
  ]);
});

test('rotate reads the new key from standard input and says when the old one drains', async () => {
  const old = createSummary({ drainAt: '2026-11-22T05:00:00.000Z' });
  const key = createSummary({ id: 'pkey_new', replaces: ID });
  await using broker = await startFakeBroker({ rotate: () => ({ key, old, test: null }) });

  const { code, stdout } = await runHere({
    args: ['rotate', 'prod-1', '--overlap', '2h', '--name', 'prod-2'],
    env: broker.env,
    stdin: KEY,
  });

  expect(code).toBe(0);
  expect(broker.calls.at(-1)?.input).toEqual({ id: ID, key: KEY, overlapSeconds: 7_200, name: 'prod-2' });
  expect(stdout).toContain('drains in 2 h');
});

test('rotate overlaps for 15 minutes unless told, and refuses senseless times before it reads a key', async () => {
  await using broker = await startFakeBroker({
    rotate: () => ({ key: createSummary(), old: createSummary(), test: null }),
  });
  await runHere({ args: ['rotate', 'prod-1'], env: broker.env, stdin: KEY });
  expect(broker.calls.at(-1)?.input).toEqual({ id: ID, key: KEY, overlapSeconds: 900 });

  for (const overlap of ['soon', '8d', '-1', '15 m', '1y']) {
    expect(
      await runHere({ args: ['rotate', 'prod-1', `--overlap=${overlap}`], env: broker.env, stdin: null }),
    ).toMatchObject({ code: 2 });
  }
});

for (const { args, verb, input } of [
  { args: ['disable', 'prod-1'], verb: 'disable', input: { id: ID } },
  { args: ['drain', 'prod-1', '--after', '90s'], verb: 'drain', input: { id: ID, seconds: 90 } },
  { args: ['delete', 'prod-1'], verb: 'delete', input: { id: ID, confirmName: 'prod-1' } },
]) {
  const verbs = { [verb]: () => ({ key: createSummary(), ok: true }) };

  test(`${verb} has the name typed first`, async () => {
    await using broker = await startFakeBroker(verbs);

    expect(await runHere({ args, env: broker.env, types: ['prod-1\n'] })).toMatchObject({ code: 0 });
    expect(broker.calls.at(-1)).toEqual({ verb, input });
  });

  test(`${verb} does nothing when another name is typed`, async () => {
    await using broker = await startFakeBroker(verbs);

    expect(await runHere({ args, env: broker.env, types: ['prod-2\n'] })).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('nothing was changed'),
    });
    expect(broker.calls.map((call) => call.verb)).toEqual(['list']);
  });

  test(`${verb} needs --yes where nobody can type`, async () => {
    await using broker = await startFakeBroker(verbs);

    expect(await runHere({ args, env: broker.env, stdin: 'prod-1\n' })).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('--yes'),
    });
    expect(broker.calls.map((call) => call.verb)).toEqual(['list']);
    expect(await runHere({ args: [...args, '--yes'], env: broker.env })).toMatchObject({ code: 0 });
    expect(broker.calls.at(-1)).toEqual({ verb, input });
  });
}

test('enable asks nothing', async () => {
  await using broker = await startFakeBroker({ enable: () => ({ key: createSummary() }) });

  expect(await runHere({ args: ['enable', 'prod-1'], env: broker.env })).toMatchObject({
    code: 0,
    stdout: `prod-1 (gemini …6789, ${ID}): active.\n`,
  });
});

test('a name that several keys have asks for the id; one that none has ends with 5', async () => {
  const twins = [createSummary(), createSummary({ id: 'pkey_twin', state: 'draining' })];
  await using broker = await startFakeBroker({
    list: () => createList(twins),
    enable: () => ({ key: twins[1] }),
  });

  expect(await runHere({ args: ['enable', 'prod-1'], env: broker.env })).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('pkey_twin (draining)'),
  });
  expect(await runHere({ args: ['enable', 'pkey_twin'], env: broker.env })).toMatchObject({ code: 0 });
  expect(await runHere({ args: ['enable', 'prod-9'], env: broker.env })).toMatchObject({ code: 5 });
});

test('usage draws the hours, and days where there are many', async () => {
  const hours = Array.from({ length: 50 }, (_, index) => ({
    start: new Date(Date.parse('2026-11-20T00:00:00Z') + index * 3_600_000).toISOString(),
    uses: index % 5,
    errors: index === 49 ? 2 : 0,
  }));
  await using broker = await startFakeBroker({
    usage: ({ hours: count }: { hours: number }) => ({ hours: hours.slice(0, count) }),
  });

  const few = await runHere({ args: ['usage', 'prod-1', '--hours', '6'], env: broker.env });
  expect(few.stdout).toBe(
    [
      `prod-1 (${ID}), UTC, the oldest first`,
      'uses    ·▂▄▆█·  10',
      'errors  ······  0',
      '',
      'HOUR              USES  ERRORS',
      '2026-11-20 01:00     1       0',
      '2026-11-20 02:00     2       0',
      '2026-11-20 03:00     3       0',
      '2026-11-20 04:00     4       0',
      '',
    ].join('\n'),
  );
  const many = await runHere({ args: ['usage', 'prod-1', '--hours', '50'], env: broker.env });
  expect(many.stdout).toContain('2026-11-22     7       2\n');
  expect(await runHere({ args: ['usage', 'prod-1', '--hours', '745'], env: broker.env })).toMatchObject({
    code: 2,
  });
});
