// A worker in the node network: it registers, beats, answers `command` messages and fetches provider keys as itself.
import { createKeyClient, createNodeClient, type NodeLogEntry } from '@ephemera/service-client';
import { availableParallelism, freemem, loadavg, totalmem } from 'node:os';

import { runCommand } from './commands.ts';
import { loadKeys } from './load-keys.ts';

const {
  BROKER_URL: baseUrl = 'http://127.0.0.1:8787',
  NODE_ID: id = 'example-worker',
  NODE_KEY_FILE: keyFile = '.data/node-worker.pem',
  REGISTRATION_TOKEN: registrationToken,
} = process.env;

function print({ fields, ...entry }: NodeLogEntry): void {
  console.log(JSON.stringify({ at: new Date().toISOString(), ...entry, ...fields }));
}

function measure() {
  const [load = 0] = loadavg();
  const usedShare = 1 - freemem() / totalmem();
  return {
    status: 'healthy',
    metrics: { cpu_usage: (load / availableParallelism()) * 100, memory_usage: usedShare * 100 },
  };
}

async function work(signal: AbortSignal): Promise<void> {
  await using client = createNodeClient({
    baseUrl,
    node: {
      id,
      name: 'Example worker',
      type: 'compute',
      capabilities: ['commands'],
      endpoint: 'https://worker.example.com',
      metadata: { region: 'eu-west-1' },
    },
    keys: await loadKeys(keyFile),
    registrationToken,
    onLog: print,
  });
  await using keys = createKeyClient({ baseUrl, secret: () => client.getAccessToken() });
  await client.run({
    signal,
    heartbeat: { read: measure },
    handlers: {
      command: async (message, { reply }) => {
        await reply(await runCommand(message, keys));
      },
    },
  });
}

const stopping = new AbortController();
for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => stopping.abort());
await work(stopping.signal);
