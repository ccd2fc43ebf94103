import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { createNodeDatabase } from './node.ts';
import type { NodeDatabase } from './node.ts';

export type TestDatabase = NodeDatabase & { readonly url: string } & AsyncDisposable;

/** A migrated database in a folder of its own, removed with it. A file, since `:memory:` knows one connection only. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const folder = await mkdtemp(join(tmpdir(), 'ephemera-db-'));
  const url = pathToFileURL(join(folder, 'test.db')).href;
  const database = await createNodeDatabase({ url });
  await database.migrate();
  return {
    ...database,
    url,
    [Symbol.asyncDispose]: async () => {
      await database.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
