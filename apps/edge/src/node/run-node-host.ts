import type { Writable } from 'node:stream';

import { ConfigError, parseConfig } from '../config.ts';
import { openHttpListener } from './http-listener.ts';
import { StartError } from './start-error.ts';

/** What the host uses of the process it runs in. */
export type HostProcess = {
  stdout: Writable;
  stderr: Writable;
  on: (signal: 'SIGINT' | 'SIGTERM', listener: () => void) => unknown;
};

const DRAIN_MS = 5_000;

/** Runs the broker until it is told to stop. Resolves with the exit code. */
export async function runNodeHost(
  env: Record<string, string | undefined>,
  host: HostProcess,
): Promise<number> {
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    host.on(signal, () => {
      stop.abort();
    });
  }
  try {
    await serve(env, host, stop.signal);
    return 0;
  } catch (error) {
    if (!(error instanceof StartError) && !(error instanceof ConfigError)) throw error;
    host.stderr.write(`${error.message}\n`);
    return 1;
  }
}

/** The port first: when it is taken, nothing else has been started yet. */
async function serve(
  env: Record<string, string | undefined>,
  host: HostProcess,
  stop: AbortSignal,
): Promise<void> {
  const config = parseConfig(env, 'node');
  const listener = await openHttpListener(config);
  // The heavy modules load while the simulator, a process of its own, is already starting.
  const { startSimulatorFor } = await import('./simulator.ts');
  const simulator = startSimulatorFor(config);
  try {
    const { openBroker } = await import('./open-broker.ts');
    await using broker = await openBroker(config, { simulator, url: listener.url, stderr: host.stderr });
    listener.serve(broker.handler);
    host.stdout.write(broker.banner);
    await untilAborted(stop);
    await listener.close(DRAIN_MS);
  } finally {
    await listener.close(0);
    await (await simulator.catch(() => null))?.stop();
  }
}

function untilAborted(signal: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  if (signal.aborted) resolve();
  else
    signal.addEventListener(
      'abort',
      () => {
        resolve();
      },
      { once: true },
    );
  return promise;
}
