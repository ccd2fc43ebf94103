import type { LoadOrder, LoadReply, LoadResult } from './load.ts';
import type { Running, Supervisor } from './supervisor.ts';

export type LoadClient = { process: Running; run: (order: LoadOrder) => Promise<LoadResult> };

/** Starts the generator in a process of its own; it carries out one order at a time. */
export function startLoadClient(supervisor: Supervisor): LoadClient {
  const running = supervisor.startOwn(new URL('./processes/load-generator.ts', import.meta.url));
  const run = (order: LoadOrder): Promise<LoadResult> =>
    new Promise((resolve, reject) => {
      const onExit = (): void => {
        reject(new Error('the load generator ended'));
      };
      running.child.once('exit', onExit);
      running.child.once('message', (reply: LoadReply) => {
        running.child.off('exit', onExit);
        if (reply.kind === 'done') resolve(reply.result);
        else reject(new Error(`the load generator failed: ${reply.message}`));
      });
      running.child.send(order);
    });
  return { process: running, run };
}
