import type { ParseArgsOptionsConfig } from 'node:util';

import type { CommandInput } from './arguments.ts';
import type { ExitCode } from './cli-error.ts';
import type { Terminal } from './terminal.ts';

export type Command = {
  name: string;
  /** One line for the list of commands. */
  summary: string;
  /** Everything after the first line of its help. */
  help: string;
  options: ParseArgsOptionsConfig;
  positionals: readonly string[];
  run: (terminal: Terminal, input: CommandInput) => Promise<ExitCode>;
};

/** The answer as it came, for scripts. */
export function writeJson({ stdout }: Terminal, answer: unknown): void {
  stdout.write(`${JSON.stringify(answer, null, 2)}\n`);
}
