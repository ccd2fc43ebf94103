import { spawn } from 'node:child_process';
import { once } from 'node:events';

/** What `promtool check metrics` finds wrong with a text of the 0.0.4 format; empty where all is well. */
export async function lintMetrics(text: string): Promise<string> {
  const child = spawn('promtool', ['check', 'metrics'], { stdio: ['pipe', 'pipe', 'pipe'] });
  let found = '';
  const append = (chunk: Buffer): void => void (found += chunk.toString());
  child.stdout.on('data', append);
  child.stderr.on('data', append);
  child.stdin.end(text);
  const [code]: unknown[] = await once(child, 'close');
  return code === 0 ? found : `${found}exit code ${String(code)}`;
}
