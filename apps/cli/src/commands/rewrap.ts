import { readInteger } from '../arguments.ts';
import { EXIT, type ExitCode } from '../cli-error.ts';
import { type Command, writeJson } from '../command.ts';
import { connectAsOperator, type KeysApi, type RewrapStep } from '../keys-api.ts';
import type { Terminal } from '../terminal.ts';

const BAR_WIDTH = 30;
const DEFAULT_STEP = 25;
const MAX_STEP = 1_000;

export type RewrapResult = {
  rewrapped: number;
  remaining: number;
  failed: RewrapStep['failed'];
  isStopped: boolean;
};

export const rewrapCommand: Command = {
  name: 'rewrap',
  summary: 'move all stored keys to the newest key-encryption key; may be stopped and run again',
  help: `  --step N   keys a request, 1 to ${MAX_STEP} (default ${DEFAULT_STEP})
  --json     the outcome as JSON

Ctrl-C stops after the request that runs; the next run goes on where this one ended. Ends with 1 when keys are left that do
not open (their key-encryption key is not in KEYRING, or they are damaged), with 130 when it was stopped.`,
  options: { step: { type: 'string' }, json: { type: 'boolean' } },
  positionals: [],
  async run(terminal, input) {
    const limit = readInteger(input, 'step', { min: 1, max: MAX_STEP }) ?? DEFAULT_STEP;
    const api = await connectAsOperator(terminal);
    let isStopped = false;
    const release = terminal.onInterrupt(() => {
      isStopped = true;
    });
    try {
      const result = await rewrapAll(terminal, api, { limit, isStopped: () => isStopped });
      if (input.flags.has('json')) writeJson(terminal, result);
      else showResult(terminal, result);
      return chooseExitCode(result);
    } finally {
      release();
    }
  },
};

type RewrapOptions = { limit: number; isStopped: () => boolean };

/** Request by request until none is left, nothing moves any more, or somebody has stopped it. */
async function rewrapAll(
  terminal: Terminal,
  api: KeysApi,
  { limit, isStopped }: RewrapOptions,
): Promise<RewrapResult> {
  const failed = new Map<string, RewrapStep['failed'][number]>();
  let rewrapped = 0;
  for (;;) {
    const step = await api.rewrap.mutate({ limit });
    rewrapped += step.rewrapped;
    for (const failure of step.failed) failed.set(failure.id, failure);
    showProgress(terminal, rewrapped, step.remaining);
    const isOver = step.remaining === 0 || step.rewrapped === 0;
    if (!isOver && !isStopped()) continue;
    if (terminal.stderr.isTTY === true) terminal.stderr.write('\n');
    return { rewrapped, remaining: step.remaining, failed: [...failed.values()], isStopped: !isOver };
  }
}

function showProgress({ stderr }: Terminal, done: number, left: number): void {
  const total = done + left;
  if (stderr.isTTY !== true) {
    stderr.write(`${done} of ${total}\n`);
    return;
  }
  const filled = total === 0 ? BAR_WIDTH : Math.floor((done / total) * BAR_WIDTH);
  stderr.write(`\r[${'█'.repeat(filled)}${'·'.repeat(BAR_WIDTH - filled)}] ${done} of ${total}`);
}

function showResult({ stdout, stderr }: Terminal, result: RewrapResult): void {
  const { rewrapped, remaining, failed, isStopped } = result;
  stdout.write(`${rewrapped} keys rewrapped, ${remaining} left.\n`);
  for (const { id, code } of failed) stderr.write(`${id} does not open: ${code}\n`);
  if (isStopped) stderr.write('Stopped. Nothing is lost: run `keys rewrap` again to go on.\n');
  else if (remaining === 0) stdout.write('Older versions can leave KEYRING now.\n');
  else stderr.write('Keep the older versions in KEYRING until these keys are rewrapped or deleted.\n');
}

function chooseExitCode({ isStopped, remaining }: RewrapResult): ExitCode {
  if (isStopped) return EXIT.interrupted;
  return remaining === 0 ? EXIT.done : EXIT.failed;
}
