import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

/**
 * Runs a script with `args` until it has acknowledged `enough`, one line each, kills it with -9, and returns all that
 * it acknowledged.
 */
export async function writeAndKill(
  script: string,
  args: readonly string[],
  enough: number,
): Promise<string[]> {
  const writer = spawn(process.execPath, [script, ...args], { stdio: ['pipe', 'pipe', 'inherit'] });
  const exited = once(writer, 'exit');
  const acked: string[] = [];
  const lines = createInterface({ input: writer.stdout });
  lines.on('line', (line) => {
    acked.push(line);
    if (acked.length === enough) writer.kill('SIGKILL');
  });
  await once(lines, 'close');
  const [, signal] = await exited;
  if (signal !== 'SIGKILL') throw new Error(`The writer ended by itself (${String(signal)}).`);
  return acked;
}
