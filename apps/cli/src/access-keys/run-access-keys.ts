import { CliError, type ExitCode } from '../cli-error.ts';
import { toCliError } from '../keys-api.ts';
import { runProgram } from '../program.ts';
import type { Terminal } from '../terminal.ts';
import { disableCommand, enableCommand, revokeCommand } from './change-commands.ts';
import { createCommand } from './create-command.ts';
import { listCommand } from './list-command.ts';
import { rotateCommand } from './rotate-command.ts';

const COMMANDS = [listCommand, createCommand, rotateCommand, disableCommand, enableCommand, revokeCommand];

const HELP = `The access keys with which apps call Ephemera.

Usage: npm run access-keys -- <command> [options]      <command> --help tells its options

${COMMANDS.map(({ name, summary }) => `  ${name.padEnd(16)}${summary}`).join('\n')}

A new key is written to standard output, once and alone; everything else goes to standard error.

Environment: EPHEMERA_URL, OPERATOR_EMAIL, OPERATOR_PASSWORD. Without EPHEMERA_URL it is the demo that \`npm start\` runs
in this clone (.data/demo.json).

Ends with: 0 done · 1 refused or failed · 2 wrong usage · 3 no access · 4 the server cannot be reached or is not ready ·
5 no such key.
`;

function explain(error: unknown): CliError | null {
  return error instanceof CliError ? error : toCliError(error);
}

/** Runs one command; answers go to stdout, all else to stderr. Resolves with the exit code. */
export async function runAccessKeys(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  return await runProgram(
    { name: 'access-keys', help: HELP, commands: COMMANDS, explain },
    { args, terminal },
  );
}
