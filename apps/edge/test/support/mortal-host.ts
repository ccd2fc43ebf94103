import { findFreePort, HOST_ENVIRONMENT, NODE_ENTRY, READY, startProcess } from './processes.ts';

/** The real Node host at one address, which may die and come back. */
export type MortalHost = AsyncDisposable & {
  url: string;
  /** Ends it as a power cut of its process would, and starts it again over the same data. */
  killAndRestart: () => Promise<void>;
  /** Resolves while it is up. */
  whenUp: () => Promise<void>;
};

export async function startMortalHost(env: Record<string, string>): Promise<MortalHost> {
  const port = await findFreePort();
  const start = () =>
    startProcess({
      command: process.execPath,
      args: [NODE_ENTRY],
      env: { ...HOST_ENVIRONMENT, HOST: '127.0.0.1', PORT: String(port), ...env },
    });
  let running = start();
  let up: Promise<unknown> = running.waitFor(READY);
  await up;
  return {
    url: `http://127.0.0.1:${port}`,
    killAndRestart: async () => {
      running.child.kill('SIGKILL');
      up = running.exited.then(() => {
        running = start();
        return running.waitFor(READY);
      });
      await up;
    },
    whenUp: async () => {
      await up;
    },
    [Symbol.asyncDispose]: () => running[Symbol.asyncDispose](),
  };
}
