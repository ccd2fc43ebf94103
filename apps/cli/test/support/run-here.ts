import { PassThrough } from 'node:stream';

import { runCli } from '../../src/run.ts';
import type { Input, Terminal } from '../../src/terminal.ts';

export const NOW_MS = Date.parse('2026-11-22T03:00:00.000Z');

export type Session = {
  args: readonly string[];
  env?: Record<string, string>;
  /** What is piped in; null leaves the pipe open. */
  stdin?: string | null;
  /** A person at a terminal; what they type, piece by piece, after each prompt. */
  types?: readonly string[];
  isErrorTty?: boolean;
  callersFolder?: string;
  rootFolder?: string;
  onInterrupt?: Terminal['onInterrupt'];
  /** Which program; `keys` unless told. */
  run?: typeof runCli;
};

/** Runs a command in this process, among streams that the test holds. */
export async function runHere(session: Session) {
  const { args, env = {}, stdin = '', types, callersFolder = '/nowhere', rootFolder = '/nowhere' } = session;
  const input: Input = new PassThrough();
  const rawModes: boolean[] = [];
  const output = { stdout: '', stderr: '' };
  const pieces = [...(types ?? [])];
  if (types !== undefined) {
    input.isTTY = true;
    input.setRawMode = (isRaw) => rawModes.push(isRaw);
  } else if (stdin !== null) {
    input.push(stdin);
    input.push(null);
  }
  const code = await (session.run ?? runCli)(args, {
    stdin: input,
    stdout: { write: (text) => (output.stdout += text) },
    stderr: {
      isTTY: session.isErrorTty ?? false,
      write: (text) => {
        output.stderr += text;
        const piece = text.endsWith(': ') ? pieces.shift() : undefined;
        if (piece !== undefined) setImmediate(() => input.push(piece));
      },
    },
    env,
    callersFolder,
    rootFolder,
    nowMs: () => NOW_MS,
    onInterrupt: session.onInterrupt ?? (() => () => undefined),
  });
  return { code, ...output, rawModes };
}
