import { once } from 'node:events';
import type { Writable } from 'node:stream';

import { ConfigError, parseConfig } from '../config.ts';
import { openHttpListener } from './http-listener.ts';
import { StartError } from './start-error.ts';

/** What the host uses of the process it runs in. */
export type HostProcess = {
  env: Record<string, string | undefined>;
  stdout: Writable;
  stderr: Writable;
  on: (signal: 'SIGINT' | 'SIGTERM', listener: () => void) => unknown;
};

const DRAIN_MS = 5_000;

/**
 * Runs the broker until a signal tells it to stop: what is under way may finish for 5 s. Resolves with the exit code.
 * The banner goes to stdout, the log to stderr.
 */
export async function runNodeHost(host: HostProcess, webFolder: string): Promise<number> {
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    host.on(signal, () => {
      stop.abort();
    });
  }
  try {
    await serve(host, { webFolder, stop: stop.signal });
    return 0;
  } catch (error) {
    if (!(error instanceof StartError) && !(error instanceof ConfigError)) throw error;
    host.stderr.write(`${error.message}\n`);
    return 1;
  }
}

type ServeOptions = { webFolder: string; stop: AbortSignal };

async function serve(host: HostProcess, { webFolder, stop }: ServeOptions): Promise<void> {
  const config = parseConfig(host.env, 'node');
  await using opened = new AsyncDisposableStack();
  // The port first: when it is taken, nothing else has been started yet.
  const listener = await openHttpListener(config);
  opened.defer(() => listener.close(DRAIN_MS));
  // The heavy modules load while the simulator, a process of its own, is already starting.
  const { startSimulatorFor } = await import('./simulator.ts');
  const simulator = startSimulatorFor(config);
  // It is awaited below; until then a failure must not count as unhandled.
  void Promise.allSettled([simulator]);
  opened.defer(() => stopSimulator(simulator));
  const { openBroker } = await import('./open-broker.ts');
  const broker = opened.use(
    await openBroker(config, { simulator, listener, webFolder, stop, log: host.stderr }),
  );
  listener.serve(broker.handler);
  host.stdout.write(broker.banner);
  if (!stop.aborted) await once(stop, 'abort');
  await listener.close(DRAIN_MS);
}

/** One that never started has nothing to stop; its failure was reported where it was awaited. */
async function stopSimulator(starting: Promise<AsyncDisposable | null>): Promise<void> {
  const [result] = await Promise.allSettled([starting]);
  if (result.status === 'fulfilled') await result.value?.[Symbol.asyncDispose]();
}
