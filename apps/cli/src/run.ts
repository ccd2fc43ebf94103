import { KeyClientError } from '@ephemera/service-client';

import { CliError, EXIT, type ExitCode } from './cli-error.ts';
import type { Command } from './command.ts';
import { addCommand } from './commands/add.ts';
import { deleteCommand, disableCommand, drainCommand, enableCommand } from './commands/change.ts';
import { envCommand } from './commands/env.ts';
import { listCommand } from './commands/list.ts';
import { rewrapCommand } from './commands/rewrap.ts';
import { rotateCommand } from './commands/rotate.ts';
import { testCandidateCommand } from './commands/test-candidate.ts';
import { testCommand } from './commands/test.ts';
import { usageCommand } from './commands/usage.ts';
import { toCliError } from './keys-api.ts';
import { runProgram } from './program.ts';
import type { Terminal } from './terminal.ts';

const COMMANDS: readonly Command[] = [
  listCommand,
  addCommand,
  testCommand,
  testCandidateCommand,
  rotateCommand,
  disableCommand,
  enableCommand,
  drainCommand,
  deleteCommand,
  usageCommand,
  rewrapCommand,
  envCommand,
];

const HELP = `The provider keys of Ephemera's pool.

Usage: npm run keys -- <command> [options]      <command> --help tells its options

${COMMANDS.map(({ name, summary }) => `  ${name.padEnd(16)}${summary}`).join('\n')}

A key is read from standard input and never from the command line.

Environment: EPHEMERA_URL, OPERATOR_EMAIL, OPERATOR_PASSWORD, with a second factor OPERATOR_CODE; for env instead of these
INTERNAL_API_SECRET. Without EPHEMERA_URL it is the demo that \`npm start\` runs in this clone (.data/demo.json).

Ends with: 0 done · 1 refused or failed · 2 wrong usage · 3 no access · 4 the server cannot be reached or is not ready ·
5 no such key, or none healthy · 130 stopped.
`;

/** Runs one command; answers go to stdout, all else to stderr. Resolves with the exit code. */
export async function runCli(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  return await runProgram({ name: 'keys', help: HELP, commands: COMMANDS, explain }, { args, terminal });
}

const EXIT_BY_CODE: Readonly<Partial<Record<KeyClientError['code'], ExitCode>>> = {
  unauthorized: EXIT.noAccess,
  forbidden: EXIT.noAccess,
  server_unreachable: EXIT.unreachable,
  server_failed: EXIT.unreachable,
  invalid_answer: EXIT.unreachable,
  no_key: EXIT.notFound,
};

function explain(error: unknown): CliError | null {
  if (error instanceof CliError) return error;
  if (error instanceof KeyClientError) {
    return new CliError(EXIT_BY_CODE[error.code] ?? EXIT.failed, error.message, { cause: error });
  }
  return toCliError(error);
}
