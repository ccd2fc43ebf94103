import type { Supervisor } from './supervisor.ts';
import { receiveMessage } from './supervisor.ts';

type Reply<Measured> = { kind: 'done'; measured: Measured } | { kind: 'error'; message: string };

type Work = {
  /** A file of `processes`, by its name alone. */
  process: string;
  order: object;
};

/** Has one of the bench's own processes do it. */
export async function carryOut<Measured>(
  supervisor: Supervisor,
  { process, order }: Work,
): Promise<Measured> {
  const running = supervisor.startOwn(new URL(`./processes/${process}.ts`, import.meta.url));
  const replied = receiveMessage(running.child);
  running.child.send(order);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- because both ends are of this folder
  const reply = (await replied) as Reply<Measured>;
  await running.stop();
  if (reply.kind === 'done') return reply.measured;
  throw new Error(`${process} of the bench failed: ${reply.message}`);
}
