import { EXIT } from '../cli-error.ts';
import { type Command, writeJson } from '../command.ts';
import { formatWhen } from '../duration.ts';
import { formatTable } from '../table.ts';
import { type AccessKey, connectToAccessKeys } from './access-keys-api.ts';

/** A limit that is not set on the key is the deployment's. */
function describeList(list: readonly string[] | null): string {
  return list === null ? 'any' : list.join(' ');
}

export const listCommand: Command = {
  name: 'list',
  summary: 'the keys, what they may do and when they were used; never the keys themselves',
  help: `  --json   the server’s answer as JSON

OPEN is what the key’s limit of open sessions counts: also a session that was ended unused, until its secret has expired.`,
  options: { json: { type: 'boolean' } },
  positionals: [],
  async run(terminal, { flags }) {
    const list = await (await connectToAccessKeys(terminal)).list.query();
    const nowMs = terminal.nowMs();
    const columns = [
      { title: 'NAME', read: ({ name }: AccessKey) => name },
      { title: 'KEY', read: ({ prefix, lastFour }: AccessKey) => `${prefix}…${lastFour}` },
      { title: 'STATE', read: ({ state }: AccessKey) => state },
      { title: 'SCOPES', read: ({ scopes }: AccessKey) => scopes.join(' ') },
      { title: 'MODELS', read: ({ allowedModels }: AccessKey) => describeList(allowedModels) },
      { title: 'ORIGINS', read: ({ allowedOrigins }: AccessKey) => describeList(allowedOrigins) },
      { title: 'OPEN', read: ({ openSessions }: AccessKey) => openSessions },
      { title: 'LAST USED', read: ({ lastUsedAt }: AccessKey) => formatWhen(lastUsedAt, nowMs) },
      { title: 'EXPIRES', read: ({ expiresAt }: AccessKey) => formatWhen(expiresAt, nowMs) },
      { title: 'ID', read: ({ id }: AccessKey) => id },
    ];
    if (flags.has('json')) writeJson(terminal, list);
    else terminal.stdout.write(list.items.length === 0 ? 'No keys.\n' : formatTable(columns, list.items));
    return EXIT.done;
  },
};
