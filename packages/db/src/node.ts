import { fileURLToPath } from 'node:url';

import { createClient } from '@libsql/client/web';
import { drizzle } from 'drizzle-orm/libsql/web';
import { migrate as migrateServer } from 'drizzle-orm/libsql/migrator';

import type { Database } from './database.ts';
import type { Synchronous } from './file/connection.ts';
import { createFileDatabase } from './file/database.ts';
import { createLosses } from './write-losses.ts';
import type { NodeParts } from './node-parts.ts';
import { createPatientFetch } from './patient-fetch.ts';
import * as schema from './schema.ts';
import { createServerCommit } from './server-writer.ts';
import { isBusy } from './write-queue-busy.ts';
import { createWriteQueue } from './write-queue.ts';

export type NodeDatabaseOptions = { url: string; authToken?: string | undefined; synchronous?: Synchronous };
export type NodeDatabase = Database & { migrate: (migrationsFolder?: string) => Promise<void> };

const MIGRATIONS_FOLDER = fileURLToPath(new URL('../migrations', import.meta.url));

/** The migrator takes no lock: of processes that start on one fresh database the loser fails, and then finds it done. */
async function migrateTwice(run: () => Promise<void>): Promise<void> {
  try {
    await run();
  } catch {
    await run();
  }
}

function connectToServer({ url, authToken }: NodeDatabaseOptions): NodeParts {
  const config = { url, ...(authToken === undefined ? {} : { authToken }) };
  const client = createClient({ ...config, fetch: createPatientFetch() });
  return {
    orm: drizzle(client, { schema }),
    // An index of a large table takes as long as it takes.
    migrate: (migrationsFolder) => migrateServer(drizzle(createClient(config)), { migrationsFolder }),
    commitBatch: createServerCommit(client),
    read: async (sql, args = []) => (await client.execute({ sql, args: [...args] })).rows,
    close: async () => {
      client.close();
    },
  };
}

/** A libSQL file (`file:…`: WAL, synchronous NORMAL unless asked for FULL) or a server (`libsql:`, `https:`, `ws:`), both with group commit. */
export async function createNodeDatabase(options: NodeDatabaseOptions): Promise<NodeDatabase> {
  const { orm, migrate, commitBatch, maxBatch, read, close } = options.url.startsWith('file:')
    ? createFileDatabase(options.url, options.synchronous ?? 'normal')
    : connectToServer(options);
  const losses = createLosses(() => performance.now());
  const queue = createWriteQueue({
    commitBatch,
    schedule: (flush) => void setImmediate(flush),
    isLostForAll: isBusy,
    ...(maxBatch === undefined ? {} : { maxBatch }),
    losses,
  });
  return {
    orm,
    write: queue.write,
    writeAll: queue.writeAll,
    lossAgoMs: losses.agoMs,
    read,
    migrate: (migrationsFolder = MIGRATIONS_FOLDER) => migrateTwice(() => migrate(migrationsFolder)),
    close: async () => {
      await queue.drain();
      await close();
    },
  };
}
