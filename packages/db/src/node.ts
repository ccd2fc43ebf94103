import { createHash } from 'node:crypto';
import { fileURLToPath } from 'node:url';

import { createClient } from '@libsql/client';
import type { Client, InArgs, InStatement, TransactionMode } from '@libsql/client';
import { drizzle } from 'drizzle-orm/libsql';
import { migrate } from 'drizzle-orm/libsql/migrator';

import type { Database } from './database.ts';
import { createFileWriter, type Synchronous } from './file-writer.ts';
import { sleep } from './patience.ts';
import * as schema from './schema.ts';
import { createServerCommit } from './server-writer.ts';
import type { CommitBatch } from './write-queue.ts';
import { createBusyRetry, isBusy } from './write-queue-busy.ts';
import { createWriteQueue } from './write-queue.ts';

export type NodeDatabaseOptions = { url: string; authToken?: string | undefined; synchronous?: Synchronous };
export type NodeDatabase = Database & { migrate: () => Promise<void> };

/** A commit of another process on the same file takes less. The driver is synchronous: waiting stops this process. */
const BUSY_TIMEOUT_MS = 10;

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

const whileBusy = createBusyRetry({ now: () => performance.now(), sleep, random: () => Math.random() });

/** What ends in SQLITE_BUSY has been rolled back before the caller hears of it; a script may have run in part. */
function createPatientClient(client: Client): Client {
  return {
    execute: (statement: InStatement, args?: InArgs) =>
      whileBusy(() =>
        typeof statement === 'string' ? client.execute(statement, args) : client.execute(statement),
      ),
    batch: (statements, mode) => whileBusy(() => client.batch(statements, mode)),
    migrate: (statements) => whileBusy(() => client.migrate(statements)),
    transaction: (mode: TransactionMode = 'write') => whileBusy(() => client.transaction(mode)),
    executeMultiple: (sql) => client.executeMultiple(sql),
    sync: () => client.sync(),
    reconnect: () => client.reconnect(),
    close: () => {
      client.close();
    },
    get closed() {
      return client.closed;
    },
    get protocol() {
      return client.protocol;
    },
  };
}

function createFileParts({ url, synchronous = 'normal' }: NodeDatabaseOptions): Parts {
  const writer = createFileWriter(toPath(url), {
    busyTimeoutMs: BUSY_TIMEOUT_MS,
    synchronous,
    digest: (text) => createHash('sha256').update(text, 'utf8').digest('hex'),
  });
  const client = createClient({ url, concurrency: 1, timeout: BUSY_TIMEOUT_MS });
  return {
    client: createPatientClient(client),
    commitBatch: (units) => whileBusy(() => writer.commitBatch(units)),
    read: (sql, args = []) => whileBusy(() => writer.read(sql, args)),
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
  const orm = drizzle({ client, schema });
  const queue = createWriteQueue({
    commitBatch,
    schedule: (flush) => void setImmediate(flush),
    isLostForAll: isBusy,
  });
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
