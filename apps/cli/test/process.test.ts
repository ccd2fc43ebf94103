import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { expect, test } from 'vitest';

import { changeFile } from '../src/env-file/write-atomically.ts';
import { createSummary, KEY, startFakeBroker } from './support/fake-broker.ts';
import { readProcessList, runProcess } from './support/run-process.ts';

test('as a process, the key is neither in the process list nor in what it prints', async () => {
  const lists: string[] = [];
  const take = async (): Promise<void> => void lists.push(await readProcessList());
  await using broker = await startFakeBroker({
    add: async () => {
      await take();
      return { key: createSummary(), test: null };
    },
  });
  const args = ['add', '--provider', 'gemini', '--name', 'from-a-process'];

  const { code, stdout, stderr } = await runProcess({
    args,
    env: broker.env,
    beforeInput: async () => {
      await take();
      return `${KEY}\n`;
    },
  });

  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(broker.calls[0]?.input).toMatchObject({ key: KEY });
  expect(lists).toHaveLength(2);
  for (const list of lists) {
    expect(list).toContain('from-a-process');
    expect(list).not.toContain(KEY);
  }
  expect(stdout).not.toContain(KEY);
});

test('as a process, exit codes and streams are as the help says', async () => {
  await using broker = await startFakeBroker();

  const refused = await runProcess({ args: ['add', KEY], env: broker.env });
  expect(refused).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining('standard input') });
  expect(refused.stderr).not.toContain(KEY);
  expect(await runProcess({ args: ['enable', 'nobody'], env: broker.env })).toMatchObject({ code: 5 });
  const list = await runProcess({ args: ['list', '--json'], env: broker.env });
  expect(JSON.parse(list.stdout)).toMatchObject({ items: [{ name: 'prod-1' }] });
});

test('as a process, Ctrl-C stops a rewrap after the request that runs', async () => {
  let pid = 0;
  await using broker = await startFakeBroker({
    rewrap: async () => {
      process.kill(pid, 'SIGINT');
      // A machine that is busy hands a signal over late; the answer must not overtake it.
      await sleep(500);
      return { rewrapped: 1, remaining: 9, failed: [] };
    },
  });

  const outcome = await runProcess({
    args: ['rewrap'],
    env: broker.env,
    beforeInput: (id) => {
      pid = id;
      return '';
    },
  });

  expect(outcome).toMatchObject({ code: 130, stderr: expect.stringContaining('again to go on') });
  expect(broker.calls.length).toBeLessThanOrEqual(2);
});

test('as a process, env writes where npm was called from', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'ephemera-cli-'));
  try {
    await using broker = await startFakeBroker();
    const args = ['env', '--provider', 'gemini', '--file', '.env.local'];

    const { code, stdout, stderr } = await runProcess({ args, env: { ...broker.env, INIT_CWD: folder } });

    expect(code).toBe(0);
    expect(await readFile(join(folder, '.env.local'), 'utf8')).toBe(`GEMINI_API_KEY=${KEY}\n`);
    expect(stdout + stderr).not.toContain(KEY);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

test('who reads the file while it is written sees all of the old or all of the new one', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'ephemera-cli-'));
  try {
    const path = join(folder, '.env');
    const bulk = `# ${'x'.repeat(200_000)}\n`;
    const write = (value: number) => changeFile(path, () => `${bulk}KEY=${value}\n${bulk}`);
    await write(0);

    const writing = Promise.all(Array.from({ length: 50 }, (_, index) => write(index + 1)));
    const reads: string[] = [];
    for (let read = 0; read < 50; read += 1) reads.push(await readFile(path, 'utf8'));
    await writing;

    for (const text of reads) {
      expect(text.startsWith(bulk) && text.endsWith(bulk)).toBe(true);
      expect(text.slice(bulk.length, -bulk.length)).toMatch(/^KEY=\d+\n$/);
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
