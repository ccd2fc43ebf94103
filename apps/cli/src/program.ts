import { parseArguments } from './arguments.ts';
import { CliError, EXIT, type ExitCode } from './cli-error.ts';
import type { Command } from './command.ts';
import { looksLikeKey } from './looks-like-key.ts';
import { sanitize } from './table.ts';
import type { Terminal } from './terminal.ts';

/** What `npm run <name> -- <command>` can do. */
export type Program = {
  name: string;
  help: string;
  commands: readonly Command[];
  /** What to tell of an error; null for one that nobody foresaw. */
  explain: (error: unknown) => CliError | null;
};

type Call = { args: readonly string[]; terminal: Terminal };

/** Runs one command; answers go to stdout, all else to stderr. Resolves with the exit code. */
export async function runProgram(program: Program, { args, terminal }: Call): Promise<ExitCode> {
  try {
    return await dispatch(program, { args, terminal });
  } catch (error) {
    const told = program.explain(error);
    if (told === null) throw error;
    terminal.stderr.write(`${program.name}: ${told.message}\n`);
    return told.exitCode;
  }
}

async function dispatch(program: Program, { args: [name, ...rest], terminal }: Call): Promise<ExitCode> {
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    terminal.stdout.write(program.help);
    return name === undefined ? EXIT.usage : EXIT.done;
  }
  const command = program.commands.find((known) => known.name === name);
  if (command === undefined) {
    const shown = looksLikeKey(name) ? 'that' : sanitize(name);
    throw new CliError(EXIT.usage, `There is no command ${shown}. See --help.`);
  }
  if (rest.includes('--help') || rest.includes('-h')) {
    terminal.stdout.write(formatHelp(program.name, command));
    return EXIT.done;
  }
  return await command.run(terminal, parseArguments(rest, command));
}

function formatHelp(program: string, { name, summary, help, positionals }: Command): string {
  const words = positionals.map((word) => ` <${word}>`).join('');
  return `${program} ${name}: ${summary}\n\nUsage: npm run ${program} -- ${name}${words} [options]\n\n${help}\n`;
}
