// One command of a longer run: its output shown live, or kept back and shown when it fails, or when its turn comes.
import { type ChildProcess, spawn } from 'node:child_process';
import { constants, getPriority, setPriority } from 'node:os';

export type Step = {
  name: string;
  command: string;
  args: string[];
  env?: NodeJS.ProcessEnv;
  /** Shows the output as it comes. */
  isLive?: boolean;
  /** Leaves the processor to what runs beside it. */
  isPatient?: boolean;
};

export type StepResult = { ok: boolean };

/** A step under way, whose output waits until it is asked for. */
export type SideStep = { show: () => Promise<StepResult> };

/** Enough for speech beside it to keep its time, little enough for its own time limits. */
const PATIENCE = 3;

export async function runStep(step: Step): Promise<StepResult> {
  if (step.isLive) return await finish(step, launch(step, 'inherit'));
  const running = launch(step, 'pipe');
  let output = '';
  listen(running.child, (text) => (output += text));
  const result = await finish(step, running);
  if (!result.ok) console.log(output.trimEnd());
  return result;
}

/** Starts a step beside others. */
export function startStep(step: Step): SideStep {
  const running = launch(step, 'pipe');
  let output = '';
  listen(running.child, (text) => (output += text));
  return {
    show: async () => {
      process.stdout.write(output);
      listen(running.child, (text) => process.stdout.write(text));
      return await finish(step, running);
    },
  };
}

type End = { ok: boolean; seconds: string; error: string };
type Running = { child: ChildProcess; ended: Promise<End> };

function launch(step: Step, output: 'inherit' | 'pipe'): Running {
  const startedAt = performance.now();
  const child = spawn(step.command, step.args, {
    stdio: output === 'inherit' ? 'inherit' : ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...step.env },
  });
  if (step.isPatient && child.pid !== undefined) lowerPriority(child.pid);
  const { promise, resolve } = Promise.withResolvers<End>();
  const end = (ok: boolean, error = ''): void => {
    resolve({ ok, error, seconds: ((performance.now() - startedAt) / 1_000).toFixed(1) });
  };
  child.on('error', ({ message }) => {
    end(false, message);
  });
  child.on('close', (code) => {
    end(code === 0);
  });
  return { child, ended: promise };
}

function lowerPriority(pid: number): void {
  setPriority(pid, Math.min(constants.priority.PRIORITY_LOW, getPriority() + PATIENCE));
}

function listen(child: ChildProcess, hear: (text: string) => void): void {
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk: Buffer) => {
      hear(chunk.toString());
    });
  }
}

async function finish(step: Step, { ended }: Running): Promise<StepResult> {
  const { ok, seconds, error } = await ended;
  console.log(`${ok ? '✓' : '✗'} ${step.name} (${seconds} s)`);
  if (error !== '') console.log(error);
  return { ok };
}
