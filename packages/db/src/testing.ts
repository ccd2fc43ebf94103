import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { createNodeDatabase } from './node.ts';
import type { NodeDatabase } from './node.ts';

export type TestDatabase = NodeDatabase & { readonly url: string } & AsyncDisposable;

/** A migrated file as it is on disk, made once a process: migrating takes longer than most tests. */
let migrated: Promise<Buffer> | null = null;

/** A migrated database in a folder of its own, removed with it. A file, since `:memory:` knows one connection only. */
export async function createTestDatabase(): Promise<TestDatabase> {
  migrated ??= readMigrated();
  const content = await migrated;
  const folder = await mkdtemp(join(tmpdir(), 'ephemera-db-'));
  const path = join(folder, 'test.db');
  await writeFile(path, content);
  const url = pathToFileURL(path).href;
  const database = await createNodeDatabase({ url });
  return {
    ...database,
    url,
    [Symbol.asyncDispose]: async () => {
      await database.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Closing moves what is in the write-ahead log into the file. */
async function readMigrated(): Promise<Buffer> {
  const folder = await mkdtemp(join(tmpdir(), 'ephemera-db-'));
  const path = join(folder, 'migrated.db');
  try {
    const database = await createNodeDatabase({ url: pathToFileURL(path).href });
    await database.migrate();
    await database.close();
    return await readFile(path);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
