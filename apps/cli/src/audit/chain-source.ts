import { createChainReader, findMissingTail, readChainEnd } from '@ephemera/db';
import type { ChainBreak, ReadChainPage } from '@ephemera/db';
import { createNodeDatabase } from '@ephemera/db/node';
import { access } from 'node:fs/promises';

import type { CommandInput } from '../arguments.ts';
import { CliError, EXIT } from '../cli-error.ts';
import { connectBroker } from '../keys-api.ts';
import type { Terminal } from '../terminal.ts';

/** Where entries are read from, as they are stored. */
export type ChainSource = AsyncDisposable & {
  name: string;
  readPage: ReadChainPage;
  /** Whether the source itself remembers entries that are gone. */
  findMissingTail: () => Promise<ChainBreak | null>;
};

export const SOURCE_OPTIONS = { broker: { type: 'boolean' } } as const;
export const SOURCE_HELP =
  '  --broker            ask the broker, though TURSO_DATABASE_URL names a database to read';

/** The database that the environment names, else the broker. */
export async function openChainSource(terminal: Terminal, input: CommandInput): Promise<ChainSource> {
  const url = terminal.env['TURSO_DATABASE_URL'];
  return url === undefined || url === '' || input.flags.has('broker')
    ? await openBroker(terminal)
    : await openDatabase(url, terminal.env['TURSO_AUTH_TOKEN']);
}

async function openBroker(terminal: Terminal): Promise<ChainSource> {
  const { audit } = await connectBroker(terminal);
  return {
    name: 'the broker',
    readPage: async (afterSeq, limit) => {
      const { entries } = await audit.export.query({ afterSeq, limit });
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- because a word that is none of ours is hashed as it stands
      return entries as Awaited<ReturnType<ReadChainPage>>;
    },
    findMissingTail: async () => {
      const { firstBroken } = await audit.status.query();
      return firstBroken?.reason === 'tail_missing' ? firstBroken : null;
    },
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}

async function openDatabase(url: string, authToken: string | undefined): Promise<ChainSource> {
  await requireFile(url);
  const database = await createNodeDatabase({ url, authToken: authToken || undefined }).catch(
    (cause: unknown) => {
      throw toUnreadable(cause);
    },
  );
  const read: typeof database.read = (sql, args) =>
    database.read(sql, args).catch((cause: unknown) => {
      throw toUnreadable(cause);
    });
  return {
    name: 'the database',
    readPage: createChainReader({ read }),
    findMissingTail: async () => findMissingTail(await readChainEnd({ read })),
    [Symbol.asyncDispose]: () => database.close(),
  };
}

/** Opening a file that is not there would make one, and an empty audit would seem to hold. */
async function requireFile(url: string): Promise<void> {
  if (!url.startsWith('file:')) return;
  const path = decodeURIComponent(url.replace(/^file:(?:\/\/(?=\/))?/, ''));
  try {
    await access(path);
  } catch (cause) {
    throw new CliError(EXIT.unreachable, 'TURSO_DATABASE_URL names a file that is not there.', { cause });
  }
}

function toUnreadable(cause: unknown): CliError {
  const reason = cause instanceof Error ? (cause.message.split('\n')[0] ?? '') : 'unknown reason';
  return new CliError(EXIT.unreachable, `The database cannot be read: ${reason.slice(0, 200)}`, { cause });
}
