import { CliError, type ExitCode } from '../cli-error.ts';
import { toCliError } from '../keys-api.ts';
import { runProgram } from '../program.ts';
import type { Terminal } from '../terminal.ts';
import { checkpointCommand } from './checkpoint-command.ts';
import { exportCommand } from './export-command.ts';
import { verifyCommand } from './verify-command.ts';

const COMMANDS = [verifyCommand, checkpointCommand, exportCommand];

const HELP = `The audit of Ephemera: whether its chain of entries holds, and copies of it.

Usage: npm run audit -- <command> [options]      <command> --help tells its options

${COMMANDS.map(({ name, summary }) => `  ${name.padEnd(16)}${summary}`).join('\n')}

Where TURSO_DATABASE_URL is set (TURSO_AUTH_TOKEN with it), verify and export read that database themselves, so that no
server has to be believed; --broker asks a broker all the same.
For a broker: EPHEMERA_URL, OPERATOR_EMAIL, OPERATOR_PASSWORD; without EPHEMERA_URL it is the demo that \`npm start\` runs
in this clone (.data/demo.json). AUDIT_PUBLIC_KEY: the key that checkpoints must be signed with.

Ends with: 0 the chain holds, or done · 1 the chain is broken, or refused · 2 wrong usage · 3 no access · 4 the server or
the database cannot be reached · 5 nothing there · 130 stopped.
`;

function explain(error: unknown): CliError | null {
  return error instanceof CliError ? error : toCliError(error);
}

/** Runs one command; answers go to stdout, all else to stderr. Resolves with the exit code. */
export async function runAudit(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  return await runProgram({ name: 'audit', help: HELP, commands: COMMANDS, explain }, { args, terminal });
}
