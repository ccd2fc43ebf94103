import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

export type Job = readonly string[];

/** Starts a script once per job, lets all of them go when all are ready, and returns the lines that each then prints. */
export async function runAtOnce(script: string, jobs: readonly Job[]): Promise<string[][]> {
  const children = jobs.map((args) => {
    const child = spawn(process.execPath, [script, ...args], { stdio: ['pipe', 'pipe', 'inherit'] });
    const exited = once(child, 'exit');
    const ready = Promise.withResolvers<void>();
    const lines: string[] = [];
    const reader = createInterface({ input: child.stdout });
    const closed = once(reader, 'close');
    reader.on('line', (line) => (line === 'ready' ? ready.resolve() : lines.push(line)));
    child.once('exit', () => ready.reject(new Error('A process ended before it was ready.')));
    return { child, exited, ready: ready.promise, closed, lines };
  });
  await Promise.all(children.map(({ ready }) => ready));
  for (const { child } of children) child.stdin.write('go\n');
  for (const { exited, closed } of children) {
    await closed;
    const [code] = await exited;
    if (code !== 0) throw new Error(`A process ended with ${String(code)}.`);
  }
  return children.map(({ lines }) => lines);
}
