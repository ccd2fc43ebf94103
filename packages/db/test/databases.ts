import type { Database } from '@ephemera/db';
import { createNodeDatabase } from '@ephemera/db/node';
import { createTestDatabase } from '@ephemera/db/testing';
import { createWebDatabase } from '@ephemera/db/web';

import { startSqld } from './sqld.ts';

export type Shared = AsyncDisposable & { url: string; database: Database };

async function openFile(): Promise<Shared> {
  const database = await createTestDatabase();
  return { url: database.url, database, [Symbol.asyncDispose]: () => database[Symbol.asyncDispose]() };
}

async function openServer(open: (url: string) => Promise<Database>): Promise<Shared> {
  const server = await startSqld();
  const migrator = await createNodeDatabase({ url: server.url });
  await migrator.migrate();
  await migrator.close();
  const database = await open(server.url);
  return {
    url: server.url,
    database,
    [Symbol.asyncDispose]: async () => {
      await database.close();
      await server[Symbol.asyncDispose]();
    },
  };
}

/** The three ways in which a host writes, each over an empty, migrated database. */
export const HOSTS = [
  { host: 'Node on a file', open: openFile },
  { host: 'Node on a server', open: () => openServer((url) => createNodeDatabase({ url })) },
  { host: 'Workers on a server', open: () => openServer(async (url) => createWebDatabase({ url })) },
];
