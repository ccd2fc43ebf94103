import { createClient } from '@libsql/client/web';
import { drizzle } from 'drizzle-orm/libsql/web';

import type { Database } from './database.ts';
import * as schema from './schema.ts';

export type WebDatabaseOptions = { url: string; authToken?: string | undefined };

/**
 * A libSQL server over HTTP, for Workers. Each write goes out at once: requests of one isolate may not share I/O, so
 * there is no group commit here.
 */
export function createWebDatabase({ url, authToken }: WebDatabaseOptions): Database {
  const client = createClient({ url, ...(authToken === undefined ? {} : { authToken }) });
  return {
    orm: drizzle(client, { schema }),
    write: async ({ sql, args }) => await client.execute({ sql, args: [...args] }),
    writeAll: async (statements) =>
      await client.batch(
        statements.map(({ sql, args }) => ({ sql, args: [...args] })),
        'write',
      ),
    read: async (sql, args = []) => (await client.execute({ sql, args: [...args] })).rows,
    close: async () => {
      client.close();
    },
  };
}
