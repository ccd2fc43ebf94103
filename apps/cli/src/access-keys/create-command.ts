import type { RouterInputs } from '@ephemera/api';

import { type CommandInput, requireValue } from '../arguments.ts';
import { CliError, EXIT } from '../cli-error.ts';
import type { Command } from '../command.ts';
import { connectToAccessKeys, describeAccessKey } from './access-keys-api.ts';
import { writeSecret } from './write-secret.ts';

type KeyInput = RouterInputs['accessKeys']['create'];
type Scope = KeyInput['scopes'][number];

const SCOPES: readonly Scope[] = [
  'tokens:mint',
  'tokens:mint-for',
  'turn:issue',
  'models:read',
  'me:read',
  'sessions:read',
  'sessions:report',
];
const DAY_MS = 86_400_000;

export const createCommand: Command = {
  name: 'create',
  summary: 'make a key; it is written to standard output once',
  help: `  --name TEXT        how people call it; required
  --test             a test key: refused where mints reach the real provider
  --scopes LIST      what it may do, with commas (default tokens:mint)
                     ${SCOPES.join(', ')}
  --models LIST      only these models (default: all)
  --origins LIST     only from pages of these origins, such as https://app.example.com (default: from anywhere)
  --expires-in DAYS  whole days from now (default: never)
  --json             the server's answer as JSON

  npm run access-keys -- create --name backend --scopes tokens:mint,tokens:mint-for > backend.key`,
  options: {
    name: { type: 'string' },
    test: { type: 'boolean' },
    scopes: { type: 'string', default: 'tokens:mint' },
    models: { type: 'string' },
    origins: { type: 'string' },
    'expires-in': { type: 'string' },
    json: { type: 'boolean' },
  },
  positionals: [],
  async run(terminal, input) {
    const wanted = readKeyInput(input, terminal.nowMs());
    const answer = await (await connectToAccessKeys(terminal)).create.mutate(wanted);
    const told = `Created ${describeAccessKey(answer.key)}.`;
    writeSecret(terminal, { answer, told, isJson: input.flags.has('json') });
    return EXIT.done;
  },
};

function readKeyInput(input: CommandInput, nowMs: number): KeyInput {
  const models = readList(input, 'models');
  const origins = readList(input, 'origins');
  const days = input.values.get('expires-in');
  return {
    name: requireValue(input, 'name'),
    environment: input.flags.has('test') ? 'test' : 'live',
    scopes: (readList(input, 'scopes') ?? []).map(readScope),
    ...(models === undefined ? {} : { allowedModels: models }),
    ...(origins === undefined ? {} : { allowedOrigins: origins }),
    ...(days === undefined ? {} : { expiresAt: readExpiry(days, nowMs) }),
  };
}

function readList(input: CommandInput, name: string): string[] | undefined {
  const parts = input.values.get(name)?.split(',');
  return parts?.map((part) => part.trim()).filter((part) => part !== '');
}

function readScope(text: string): Scope {
  const scope = SCOPES.find((known) => known === text);
  if (scope !== undefined) return scope;
  throw new CliError(EXIT.usage, `--scopes takes ${SCOPES.join(', ')}.`);
}

function readExpiry(text: string, nowMs: number): string {
  const days = /^[1-9]\d{0,3}$/.test(text) ? Number(text) : null;
  if (days !== null) return new Date(nowMs + days * DAY_MS).toISOString();
  throw new CliError(EXIT.usage, '--expires-in must be whole days, from 1 to 9999.');
}
