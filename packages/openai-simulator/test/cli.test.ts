import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { PassThrough } from 'node:stream';
import { fileURLToPath } from 'node:url';

import { afterAll, test } from 'vitest';
import * as z from 'zod';

import { startSimulator } from '../src/index.ts';
import { EventLog } from './support/event-log.ts';

const CLI = fileURLToPath(new URL('../src/cli.ts', import.meta.url));
const FLAGS = ['--disable-warning=ExperimentalWarning', CLI];

type Result = { code: number; stdout: string; stderr: string };

function run(...args: string[]): Promise<Result> {
  return new Promise((resolve) => {
    execFile(process.execPath, [...FLAGS, ...args], (error, stdout, stderr) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, stdout, stderr });
    });
  });
}

const readySchema = z.strictObject({
  event: z.literal('ready'),
  url: z.url(),
  tlsUrl: z.url(),
  caFile: z.string(),
  pid: z.number(),
});

function spawnReady(args: string[], stdin: 'ignore' | 'pipe') {
  const child = spawn(process.execPath, [...FLAGS, '--port', '0', '--json', ...args], {
    stdio: [stdin, 'pipe', 'ignore'],
  });
  const ready = once(createInterface({ input: child.stdout ?? new PassThrough() }), 'line').then(([line]) =>
    readySchema.parse(JSON.parse(String(line))),
  );
  return { child, ready, exited: once(child, 'exit') };
}

test('--help tells every flag', async ({ expect }) => {
  const { code, stdout } = await run('--help');
  expect(code).toBe(0);
  for (const flag of [
    '--port',
    '--tls-port',
    '--udp-port',
    '--api-key',
    '--script',
    '--answer-delay-ms',
    '--json',
  ]) {
    expect(stdout).toContain(flag);
  }
});

test.for([
  [['--prot', '1'], '--prot'],
  [['--port', 'many'], "--port must be a whole number from 0 to 65535, not 'many'."],
  [['--script', '/nowhere.json'], "cannot read the script '/nowhere.json'."],
] as const)('%j is refused with code 2', async ([args, message], { expect }) => {
  const { code, stderr } = await run(...args);
  expect(code).toBe(2);
  expect(stderr).toContain(message);
});

const folders: string[] = [];

afterAll(async () => {
  for (const folder of folders) await rm(folder, { recursive: true });
});

async function writeScript(script: unknown): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'simulator-script-'));
  folders.push(folder);
  const path = join(folder, 'script.json');
  await writeFile(path, JSON.stringify(script));
  return path;
}

test('a script that makes no sense is refused, saying what is wrong with it', async ({ expect }) => {
  const { code, stderr } = await run('--script', await writeScript({ turns: [{ hears: 'Hello.' }] }));
  expect(code).toBe(2);
  expect(stderr).toContain("Missing required parameter: 'turns[0].says'.");
});

test('a script given at the start is followed', async ({ expect }) => {
  await using simulator = await startSimulator({
    scriptFile: await writeScript({ turns: [{ says: 'As written.' }] }),
  });
  const protocols = ['realtime', `openai-insecure-api-key.${simulator.apiKey}`];
  const socket = new WebSocket(
    `${simulator.url.replace('http', 'ws')}/v1/realtime?model=gpt-realtime-2.1`,
    protocols,
  );
  const log = new EventLog();
  socket.addEventListener('message', (message) => log.add(String(message.data)));
  await log.waitFor('session.created');
  const content = [{ type: 'input_text', text: 'hello' }];
  socket.send(
    JSON.stringify({ type: 'conversation.item.create', item: { type: 'message', role: 'user', content } }),
  );
  socket.send(JSON.stringify({ type: 'response.create', response: { output_modalities: ['text'] } }));
  expect(await log.waitFor('response.output_text.done')).toMatchObject({ text: 'As written.' });
});

test('a taken port is named', async ({ expect }) => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const { code, stderr } = await run('--port', String(port));
  expect(code).toBe(1);
  expect(stderr).toContain(`Port ${port} on 127.0.0.1 is already in use.`);
  await expect(startSimulator({ port })).rejects.toThrow(`Port ${port}`);
  server.close();
});

test.for(['SIGINT', 'SIGTERM'] as const)('%s ends it with code 0', async (signal, { expect }) => {
  const { child, ready, exited } = spawnReady([], 'ignore');
  expect((await ready).pid).toBe(child.pid);
  child.kill(signal);
  expect(await exited).toEqual([0, null]);
});

test('it ends when its standard input does, where that was asked for', async ({ expect }) => {
  const { child, ready, exited } = spawnReady(['--stop-on-stdin-end'], 'pipe');
  await ready;
  child.stdin?.end();
  expect(await exited).toEqual([0, null]);
});

test('it ends with the process that started it', async ({ expect }) => {
  const entry = new URL('../src/index.ts', import.meta.url).href;
  const code = `const { startSimulator } = await import(${JSON.stringify(entry)});
    console.log((await startSimulator()).pid);
    process.exit(0);`;
  const { stdout } = await new Promise<{ stdout: string }>((resolve) => {
    execFile(process.execPath, ['--input-type=module', '-e', code], (_, out) => resolve({ stdout: out }));
  });
  const pid = Number(stdout.trim());
  const isAlive = () => {
    try {
      return process.kill(pid, 0);
    } catch {
      return false;
    }
  };
  await expect.poll(isAlive, { timeout: 3_000 }).toBe(false);
});
