// One command of a longer run: its output shown live, or kept back and shown only when it fails.
import { spawn } from 'node:child_process';

export type Step = {
  name: string;
  command: string;
  args: string[];
  env?: NodeJS.ProcessEnv;
  /** Shows the output as it comes. */
  isLive?: boolean;
};

export type StepResult = { ok: boolean };

export async function runStep(step: Step): Promise<StepResult> {
  const startedAt = performance.now();
  const child = spawn(step.command, step.args, {
    stdio: step.isLive ? 'inherit' : ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...step.env },
  });
  let output = '';
  child.stdout?.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr?.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const { promise, resolve } = Promise.withResolvers<boolean>();
  child.on('error', (error) => {
    output += error.message;
    resolve(false);
  });
  child.on('close', (code) => resolve(code === 0));
  const ok = await promise;
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  console.log(`${ok ? '✓' : '✗'} ${step.name} (${seconds} s)`);
  if (!ok && !step.isLive) console.log(output.trimEnd());
  return { ok };
}
