import { createHash } from 'node:crypto';
import { fileURLToPath } from 'node:url';

import { createClient } from '@libsql/client';
import type { Client } from '@libsql/client';
import { drizzle } from 'drizzle-orm/libsql';
import { migrate } from 'drizzle-orm/libsql/migrator';

import type { Database } from './database.ts';
import { createFileWriter, type Synchronous } from './file-writer.ts';
import * as schema from './schema.ts';
import { createServerCommit } from './server-writer.ts';
import type { CommitBatch } from './write-queue.ts';
import { createWriteQueue } from './write-queue.ts';

export type NodeDatabaseOptions = { url: string; authToken?: string | undefined; synchronous?: Synchronous };
export type NodeDatabase = Database & { migrate: () => Promise<void> };

/** For other processes on the same file. The driver is synchronous, so waiting stops this one as well. */
const BUSY_TIMEOUT_MS = 2_000;

const MIGRATIONS_FOLDER = fileURLToPath(new URL('../migrations', import.meta.url));

/** The migrator takes no lock: of processes that start on one fresh database the loser fails, and then finds it done. */
async function migrateTwice(run: () => Promise<void>): Promise<void> {
  try {
    await run();
  } catch {
    await run();
  }
}

type Parts = { client: Client; commitBatch: CommitBatch; read: Database['read']; close: () => void };

/** `file:relative`, `file:/absolute` and `file:///absolute` are all in use; the client reads them the same way. */
function toPath(url: string): string {
  return decodeURIComponent(url.replace(/^file:(?:\/\/(?=\/))?/, ''));
}

function createFileParts({ url, synchronous = 'normal' }: NodeDatabaseOptions): Parts {
  const writer = createFileWriter(toPath(url), {
    busyTimeoutMs: BUSY_TIMEOUT_MS,
    synchronous,
    digest: (text) => createHash('sha256').update(text, 'utf8').digest('hex'),
  });
  const client = createClient({ url, concurrency: 1, timeout: BUSY_TIMEOUT_MS });
  return {
    client,
    commitBatch: writer.commitBatch,
    read: async (sql, args = []) => writer.read(sql, args),
    close: writer.close,
  };
}

function createServerParts({ url, authToken }: NodeDatabaseOptions): Parts {
  const client = createClient({ url, ...(authToken === undefined ? {} : { authToken }) });
  return {
    client,
    commitBatch: createServerCommit(client),
    read: async (sql, args = []) => (await client.execute({ sql, args: [...args] })).rows,
    close: () => undefined,
  };
}

/** A libSQL file (`file:…`: WAL, synchronous NORMAL unless asked for FULL) or a server (`libsql:`, `https:`, `ws:`), both with group commit. */
export async function createNodeDatabase(options: NodeDatabaseOptions): Promise<NodeDatabase> {
  const { client, commitBatch, read, close } = options.url.startsWith('file:')
    ? createFileParts(options)
    : createServerParts(options);
  const orm = drizzle(client, { schema });
  const queue = createWriteQueue({ commitBatch, schedule: (flush) => void setImmediate(flush) });
  return {
    orm,
    write: queue.write,
    writeAll: queue.writeAll,
    read,
    migrate: async () => {
      await migrateTwice(async () => {
        await migrate(orm, { migrationsFolder: MIGRATIONS_FOLDER });
      });
    },
    close: async () => {
      await queue.drain();
      client.close();
      close();
    },
  };
}
