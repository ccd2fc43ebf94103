import { parseArgs, type ParseArgsOptionsConfig } from 'node:util';

import { CliError, EXIT } from './cli-error.ts';
import { looksLikeKey, looksLikeKeyInPath } from './looks-like-key.ts';

export type CommandInput = {
  positionals: readonly string[];
  flags: ReadonlySet<string>;
  values: ReadonlyMap<string, string>;
};

export type ArgumentShape = {
  options: ParseArgsOptionsConfig;
  /** Names of the words after the command, all of them required. */
  positionals: readonly string[];
};

const KEY_OPTION = /^--?(key|api-?key|secret|value|token)(=|$)/i;

/** @throws CliError that never repeats a word which may be a secret */
export function parseArguments(args: readonly string[], shape: ArgumentShape): CommandInput {
  refuseKeys(args);
  const { values, positionals } = parseOrThrow(args, shape);
  if (positionals.length !== shape.positionals.length) {
    const expected = shape.positionals.map((name) => `<${name}>`).join(' ') || 'nothing but options';
    throw new CliError(EXIT.usage, `This command takes ${expected}. See --help.`);
  }
  const entries = Object.entries(values);
  return {
    positionals,
    flags: new Set(entries.filter(([, value]) => value === true).map(([name]) => name)),
    values: new Map(
      entries.flatMap(([name, value]) => (typeof value === 'string' ? [[name, value] as const] : [])),
    ),
  };
}

function refuseKeys(args: readonly string[]): void {
  for (const [index, word] of args.entries()) {
    const isPath = args[index - 1] === '--file' || word.startsWith('--file=');
    const bare = word.replace(/^--[\w-]+=/, '');
    if (!KEY_OPTION.test(word) && !(isPath ? looksLikeKeyInPath(bare) : looksLikeKey(bare))) continue;
    throw new CliError(
      EXIT.usage,
      'A key must not stand on the command line: the process list and the shell history show it to others. ' +
        'Pass it on standard input (`… < key.txt`, or type it when asked). ' +
        'If that was a real key, revoke it at its provider: it is in your shell history now.',
    );
  }
}

function parseOrThrow(args: readonly string[], { options }: ArgumentShape) {
  try {
    return parseArgs({ args: [...args], options, strict: true, allowPositionals: true });
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message.split('. ')[0] : 'These options are not understood';
    throw new CliError(EXIT.usage, `${reason}. See --help.`, { cause });
  }
}

/** A whole number within limits, or undefined where the option is not given. */
export function readInteger(
  input: CommandInput,
  name: string,
  { min, max }: { min: number; max: number },
): number | undefined {
  const text = input.values.get(name);
  if (text === undefined) return undefined;
  const value = Number(text);
  if (/^\d{1,9}$/.test(text) && value >= min && value <= max) return value;
  throw new CliError(EXIT.usage, `--${name} must be a whole number from ${min} to ${max}.`);
}

export function requireValue(input: CommandInput, name: string): string {
  const value = input.values.get(name);
  if (value !== undefined && value !== '') return value;
  throw new CliError(EXIT.usage, `--${name} is missing. See --help.`);
}
