import { createKeyClient, type ProviderKey } from '@ephemera/service-client';
import { resolve } from 'node:path';

import { type CommandInput, requireValue } from '../arguments.ts';
import { CliError, EXIT } from '../cli-error.ts';
import type { Command } from '../command.ts';
import { findServiceConnection } from '../connection.ts';
import {
  type Assignment,
  type Format,
  FORMATS,
  formatLine,
  replaceValue,
} from '../env-file/replace-value.ts';
import { changeFile } from '../env-file/write-atomically.ts';
import { sanitize } from '../table.ts';
import type { Terminal } from '../terminal.ts';

export const envCommand: Command = {
  name: 'env',
  summary: 'write a healthy key into an environment file, for shells and CI',
  help: `  --provider ID   whose key (openai, gemini, …); required
  --format F      dotenv (default), shell (export NAME='…') or json
  --file PATH     the file to change, for instance .env.local: its line is replaced, or one is added at the end;
                  everything else stays byte for byte. Written whole or not at all, mode 0600
  --name NAME     the variable (default: GEMINI_API_KEY for gemini, and so on)
  --print         print the line on standard output; the key is never printed otherwise

Needs EPHEMERA_URL and INTERNAL_API_SECRET, no operator. Takes the first key of the pool's order.

  npm run keys -- env --provider gemini --format dotenv --file .env.local
  eval "$(npm run -s keys -- env --provider gemini --format shell --print)"`,
  options: {
    provider: { type: 'string' },
    format: { type: 'string', default: 'dotenv' },
    file: { type: 'string' },
    name: { type: 'string' },
    print: { type: 'boolean' },
  },
  positionals: [],
  async run(terminal, input) {
    const provider = requireValue(input, 'provider');
    const format = readFormat(input);
    const name = readName(input, provider);
    const file = input.values.get('file');
    if (file === undefined && !input.flags.has('print')) {
      throw new CliError(
        EXIT.usage,
        'Say where the key goes: --file .env.local, or --print to show it here.',
      );
    }
    const key = await fetchKey(terminal, provider);
    const assignment = { name, value: key.key };
    if (file !== undefined) await writeFileOf(terminal, { file, format, assignment, key });
    if (input.flags.has('print')) terminal.stdout.write(`${formatLine(format, assignment)}\n`);
    return EXIT.done;
  },
};

async function fetchKey(terminal: Terminal, provider: string): Promise<ProviderKey> {
  const { url, secret } = await findServiceConnection(terminal);
  await using client = createKeyClient({ baseUrl: url, secret });
  return await client.getApiKey(provider);
}

type FileTask = { file: string; format: Format; assignment: Assignment; key: ProviderKey };

async function writeFileOf(terminal: Terminal, { file, format, assignment, key }: FileTask): Promise<void> {
  const path = resolve(terminal.callersFolder, file);
  const { kind } = await changeFile(path, (text) => replaceValue(text, format, assignment));
  const shown = `${assignment.name} (${sanitize(key.name)}, ${key.id})`;
  const happened = { created: 'Created', replaced: 'Changed', unchanged: 'Left as it was' }[kind];
  terminal.stderr.write(`${happened}: ${sanitize(path)} has ${shown}\n`);
}

function readFormat({ values }: CommandInput): Format {
  const format = FORMATS.find((known) => known === values.get('format'));
  if (format !== undefined) return format;
  throw new CliError(EXIT.usage, `--format must be one of ${FORMATS.join(', ')}.`);
}

function readName({ values }: CommandInput, provider: string): string {
  const name = values.get('name') ?? `${provider.toUpperCase().replace(/[^A-Z0-9]+/g, '_')}_API_KEY`;
  if (/^[A-Za-z_]\w*$/.test(name)) return name;
  throw new CliError(EXIT.usage, '--name must be a variable such as GEMINI_API_KEY.');
}
