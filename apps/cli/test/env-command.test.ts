import { execFile } from 'node:child_process';
import {
  chmod,
  lstat,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { test as base } from 'vitest';

import { KEY, startFakeBroker } from './support/fake-broker.ts';
import { runHere } from './support/run-here.ts';

const test = base.extend<{ folder: string }>({
  // oxlint-disable-next-line no-empty-pattern -- because vitest reads the fixtures a fixture needs from its pattern
  folder: async ({}, use) => {
    const folder = await mkdtemp(join(tmpdir(), 'ephemera-cli-'));
    await use(folder);
    await rm(folder, { recursive: true, force: true });
  },
});

const ARGS = ['env', '--provider', 'gemini', '--file', '.env.local'];

async function readMode(path: string): Promise<number> {
  return (await stat(path)).mode & 0o777;
}

test('writes the line of a provider into a new file that only its owner may read', async ({
  folder,
  expect,
}) => {
  await using broker = await startFakeBroker();

  const { code, stdout, stderr } = await runHere({ args: ARGS, env: broker.env, callersFolder: folder });

  expect(code).toBe(0);
  expect(await readFile(join(folder, '.env.local'), 'utf8')).toBe(`GEMINI_API_KEY=${KEY}\n`);
  expect(await readMode(join(folder, '.env.local'))).toBe(0o600);
  expect(stdout).toBe('');
  expect(stderr).toBe(`Created: ${join(folder, '.env.local')} has GEMINI_API_KEY (prod-1, k1)\n`);
});

test('replaces its line, tightens the mode, and leaves no other file behind', async ({ folder, expect }) => {
  await using broker = await startFakeBroker();
  const path = join(folder, '.env.local');
  await writeFile(path, '# mine\r\nA="1" # one\r\nGEMINI_API_KEY="old" # pool\r\n');
  await chmod(path, 0o644);

  const first = await runHere({ args: ARGS, env: broker.env, callersFolder: folder });
  expect(first.stderr).toContain('Changed');
  const second = await runHere({ args: ARGS, env: broker.env, callersFolder: folder });
  expect(second.stderr).toContain('Left as it was');

  expect(await readFile(path, 'utf8')).toBe(`# mine\r\nA="1" # one\r\nGEMINI_API_KEY="${KEY}" # pool\r\n`);
  expect(await readMode(path)).toBe(0o600);
  expect(await readdir(folder)).toEqual(['.env.local']);
});

test('bytes that are no valid text, and letters of every script, come out as they went in', async ({
  folder,
  expect,
}) => {
  await using broker = await startFakeBroker();
  const path = join(folder, '.env.local');
  const odd = Buffer.concat([
    Buffer.from('\uFEFFA="voilà 한국"\r\n# '),
    Buffer.from([0x80, 0xff, 0x00, 0xa0, 0x0a]),
  ]);
  await writeFile(path, Buffer.concat([odd, Buffer.from('GEMINI_API_KEY=à # ü\n')]));

  await runHere({ args: ARGS, env: broker.env, callersFolder: folder });

  const expected = Buffer.concat([odd, Buffer.from(`GEMINI_API_KEY=${KEY} # ü\n`)]);
  expect((await readFile(path)).equals(expected)).toBe(true);
});

test('a link is followed: the file it points at is replaced', async ({ folder, expect }) => {
  await using broker = await startFakeBroker();
  await mkdir(join(folder, 'real'));
  await writeFile(join(folder, 'real', 'env'), 'A=1\n');
  await symlink(join('real', 'env'), join(folder, '.env.local'));

  await runHere({ args: ARGS, env: broker.env, callersFolder: folder });

  expect(await readFile(join(folder, 'real', 'env'), 'utf8')).toBe(`A=1\nGEMINI_API_KEY=${KEY}\n`);
  expect(await readdir(join(folder, 'real'))).toEqual(['env']);
});

test('a link to a file that is not there yet is followed as well', async ({ folder, expect }) => {
  await using broker = await startFakeBroker();
  await mkdir(join(folder, 'real'));
  await symlink(join('real', 'next'), join(folder, '.env.local'));
  await symlink('env', join(folder, 'real', 'next'));

  const { code } = await runHere({ args: ARGS, env: broker.env, callersFolder: folder });

  expect(code).toBe(0);
  expect(await readFile(join(folder, 'real', 'env'), 'utf8')).toBe(`GEMINI_API_KEY=${KEY}\n`);
  expect((await lstat(join(folder, '.env.local'))).isSymbolicLink()).toBe(true);
  expect((await readdir(join(folder, 'real'))).toSorted()).toEqual(['env', 'next']);
});

test('links that lead in a circle, and pipes, are refused and left as they are', async ({
  folder,
  expect,
}) => {
  await using broker = await startFakeBroker();
  await symlink('.env.local', join(folder, '.env.local'));
  const circle = await runHere({ args: ARGS, env: broker.env, callersFolder: folder });
  expect(circle).toMatchObject({ code: 1, stderr: expect.stringContaining('ELOOP') });

  await promisify(execFile)('mkfifo', [join(folder, 'pipe')]);
  const args = ['env', '--provider', 'gemini', '--file', 'pipe'];
  const pipe = await runHere({ args, env: broker.env, callersFolder: folder });
  expect(pipe).toMatchObject({ code: 1, stderr: expect.stringContaining('no regular file') });
  expect((await lstat(join(folder, 'pipe'))).isFIFO()).toBe(true);
});

test('a folder that there is not, or a file that is one, is an error that names it', async ({
  folder,
  expect,
}) => {
  await using broker = await startFakeBroker();
  for (const file of ['missing/.env', '.']) {
    const args = ['env', '--provider', 'gemini', '--file', file];
    const outcome = await runHere({ args, env: broker.env, callersFolder: folder });
    expect(outcome).toMatchObject({ code: 1, stderr: expect.stringContaining('left as it is') });
  }
});

test('a failure of the server leaves the file as it is', async ({ folder, expect }) => {
  await using broker = await startFakeBroker();
  const path = join(folder, '.env.local');
  await writeFile(path, 'GEMINI_API_KEY=old\n');
  for (const { keys, env, code } of [
    { keys: null, env: broker.env, code: 4 },
    { keys: [], env: broker.env, code: 5 },
    {
      keys: [],
      env: { ...broker.env, INTERNAL_API_SECRET: 'wrong-secret-0123456789-0123456789-01' },
      code: 3,
    },
    { keys: [], env: { EPHEMERA_URL: broker.url }, code: 3 },
  ]) {
    broker.setKeys(keys);
    expect(await runHere({ args: ARGS, env, callersFolder: folder })).toMatchObject({ code });
  }
  expect(await readFile(path, 'utf8')).toBe('GEMINI_API_KEY=old\n');
});

test('the key is printed on demand only, in the format asked for', async ({ expect }) => {
  await using broker = await startFakeBroker();
  const print = (...args: string[]) =>
    runHere({ args: ['env', '--provider', 'gemini', ...args], env: broker.env });

  expect((await print('--print')).stdout).toBe(`GEMINI_API_KEY=${KEY}\n`);
  expect((await print('--print', '--format', 'shell')).stdout).toBe(`export GEMINI_API_KEY='${KEY}'\n`);
  expect(JSON.parse((await print('--print', '--format', 'json', '--name', 'K')).stdout)).toEqual({ K: KEY });
  expect(await print()).toMatchObject({ code: 2, stdout: '' });
  expect(await print('--print', '--format', 'yaml')).toMatchObject({ code: 2, stdout: '' });
  expect(await print('--print', '--name', 'A B')).toMatchObject({ code: 2, stdout: '' });
});

test('a shell takes what the shell format says', async ({ expect }) => {
  await using broker = await startFakeBroker();
  broker.setKeys([{ id: 'k', provider: 'gemini', name: 'n', key: `we$HOME'ird"\`id\`\\key` }]);
  const { stdout } = await runHere({
    args: ['env', '--provider', 'gemini', '--format', 'shell', '--print'],
    env: broker.env,
  });

  const shell = await promisify(execFile)('/bin/sh', ['-c', `${stdout}printf %s "$GEMINI_API_KEY"`]);

  expect(shell.stdout).toBe(`we$HOME'ird"\`id\`\\key`);
});

test('in a clone it finds the demo that runs, and sends the secrets of the demo nowhere else', async ({
  folder,
  expect,
}) => {
  await using broker = await startFakeBroker();
  await using other = await startFakeBroker();
  const { OPERATOR_EMAIL: email, OPERATOR_PASSWORD: password, INTERNAL_API_SECRET } = broker.env;
  const demo = { url: broker.url, operator: { email, password }, internalApiSecret: INTERNAL_API_SECRET };
  await mkdir(join(folder, '.data'));
  await writeFile(join(folder, '.data', 'demo.json'), JSON.stringify(demo));
  const here = { callersFolder: folder, rootFolder: folder };

  expect(await runHere({ args: ARGS, ...here })).toMatchObject({ code: 0 });
  expect(await runHere({ args: ['list'], ...here })).toMatchObject({ code: 0 });
  const elsewhere = { EPHEMERA_URL: other.url };
  expect(await runHere({ args: ARGS, ...here, env: elsewhere })).toMatchObject({ code: 3 });
  expect(await runHere({ args: ['list'], ...here, env: elsewhere })).toMatchObject({ code: 3 });
});
