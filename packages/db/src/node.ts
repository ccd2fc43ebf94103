import { fileURLToPath } from 'node:url';

import { createClient } from '@libsql/client';
import type { Client } from '@libsql/client';
import { drizzle } from 'drizzle-orm/libsql';
import { migrate } from 'drizzle-orm/libsql/migrator';

import type { Database } from './database.ts';
import * as schema from './schema.ts';
import type { WriteResult } from './statement.ts';
import { createWriteQueue } from './write-queue.ts';

export type NodeDatabaseOptions = { url: string; authToken?: string | undefined };
export type NodeDatabase = Database & { migrate: () => Promise<void> };

/** Other processes may hold the file; within this one a single connection makes waiting impossible. */
const BUSY_TIMEOUT_MS = 2_000;

const MIGRATIONS_FOLDER = fileURLToPath(new URL('../migrations', import.meta.url));

async function openClient({ url, authToken }: NodeDatabaseOptions): Promise<Client> {
  const isFile = url.startsWith('file:');
  const client = createClient({
    url,
    ...(authToken === undefined ? {} : { authToken }),
    ...(isFile ? { concurrency: 1, timeout: BUSY_TIMEOUT_MS } : {}),
  });
  if (isFile) {
    await client.execute('pragma journal_mode = wal');
    await client.execute('pragma synchronous = full');
  }
  return client;
}

/** The migrator takes no lock: of processes that start on one fresh database the loser fails, and then finds it done. */
async function migrateTwice(run: () => Promise<void>): Promise<void> {
  try {
    await run();
  } catch {
    await run();
  }
}

/**
 * A libSQL file (`file:…`: WAL, synchronous FULL, one connection) or a server (`libsql:`, `https:`, `ws:`), with group
 * commit.
 */
export async function createNodeDatabase(options: NodeDatabaseOptions): Promise<NodeDatabase> {
  const client = await openClient(options);
  const orm = drizzle(client, { schema });
  const queue = createWriteQueue({
    schedule: (flush) => void setImmediate(flush),
    runBatch: async (statements): Promise<WriteResult[]> => await client.batch(statements, 'write'),
  });
  return {
    orm,
    write: queue.write,
    read: async (sql, args = []) => (await client.execute({ sql, args: [...args] })).rows,
    migrate: async () => {
      await migrateTwice(async () => {
        await migrate(orm, { migrationsFolder: MIGRATIONS_FOLDER });
      });
    },
    close: async () => {
      await queue.drain();
      client.close();
    },
  };
}
