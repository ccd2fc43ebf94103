#!/usr/bin/env node
import { readFile } from 'node:fs/promises';

import { type CliOptions, HELP, parseCommand } from './cli-options.ts';
import { type Script, scriptSchema } from './core/script.ts';
import { describeRefusal } from './core/validation.ts';
import { PortTakenError } from './http/server.ts';
import { type RunningSimulator, runSimulator } from './run.ts';

const USAGE_ERROR = 2;
const STOP_DEADLINE_MS = 1_000;

function fail(message: string, code: number): never {
  console.error(`openai-simulator: ${message}`);
  process.exit(code);
}

async function loadScript(path: string): Promise<Script> {
  const text = await readFile(path, 'utf8').catch(() =>
    fail(`cannot read the script '${path}'.`, USAGE_ERROR),
  );
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return fail(`the script '${path}' is not valid JSON.`, USAGE_ERROR);
  }
  const parsed = scriptSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  return fail(`the script '${path}': ${describeRefusal(parsed.error, value).message}`, USAGE_ERROR);
}

/** The engine keeps the process alive for ever once a call was made, so each way out ends in `exit`. */
function stopOn(server: RunningSimulator, options: CliOptions): void {
  const stop = () => {
    setTimeout(() => process.exit(0), STOP_DEADLINE_MS);
    server.close().then(
      () => process.exit(0),
      () => process.exit(1),
    );
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, stop);
  if (process.connected) process.once('disconnect', stop);
  if (options.stopsWithStdin) process.stdin.resume().once('end', stop);
}

function announce(server: RunningSimulator, options: CliOptions): void {
  const { url, tlsUrl, caFile } = server;
  if (options.isJson) {
    console.log(JSON.stringify({ event: 'ready', url, tlsUrl, caFile, pid: process.pid }));
    return;
  }
  console.log(`OpenAI simulator ready\n  base URL  ${url}/v1\n  TLS       ${tlsUrl}/v1 (CA: ${caFile})`);
  console.log(`  keys      ${options.apiKeys.join(', ')}\n  admin     ${url}/_simulator/`);
}

async function main(): Promise<void> {
  const command = parseCommand(process.argv.slice(2));
  if (command.kind === 'help') {
    console.log(HELP);
    return;
  }
  if (command.kind === 'invalid') fail(`${command.message} See --help.`, USAGE_ERROR);
  const { options } = command;
  const script = options.scriptFile === null ? null : await loadScript(options.scriptFile);
  try {
    const server = await runSimulator({ ...options, script, log: (message) => console.error(message) });
    stopOn(server, options);
    announce(server, options);
  } catch (error) {
    fail(error instanceof PortTakenError ? error.message : String(error), 1);
  }
}

await main();
