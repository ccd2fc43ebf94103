import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

import { createNodeDatabase } from '@ephemera/db/node';
import { test } from 'vitest';

import { insertKey, insertSession, readCounts } from './provider-keys.ts';

const MIGRATIONS = fileURLToPath(new URL('../migrations', import.meta.url));

/** The folder of migrations as it was when it had only the first `count` of them. */
async function copyMigrations(folder: string, count: number): Promise<string> {
  const copy = join(folder, 'migrations');
  await cp(MIGRATIONS, copy, { recursive: true });
  const path = join(copy, 'meta/_journal.json');
  const journal: { entries: unknown[] } = JSON.parse(await readFile(path, 'utf8'));
  await writeFile(path, JSON.stringify({ ...journal, entries: journal.entries.slice(0, count) }));
  return copy;
}

test('a database from before the pool keeps its sessions, and counts from then on', async ({ expect }) => {
  const folder = await mkdtemp(join(tmpdir(), 'ephemera-upgrade-'));
  const database = await createNodeDatabase({ url: pathToFileURL(join(folder, 'old.db')).href });
  await database.migrate(await copyMigrations(folder, 1));
  await database.write({
    sql: `insert into sessions (id, user_id, state, kind, request_id, issued_at)
      values ('old', 'u', 'issued', 'realtime', 'r', 0)`,
    args: [],
  });
  await database.migrate();
  await database.write(insertKey('k'));
  await database.write(insertSession({ id: 'new', keyId: 'k' }));
  expect(await database.read('select id, provider_key_id from sessions order by id')).toEqual([
    { id: 'new', provider_key_id: 'k' },
    { id: 'old', provider_key_id: null },
  ]);
  expect(await readCounts(database)).toMatchObject([{ id: 'k', uses: 1, hourUses: 1 }]);
  await database.close();
  await rm(folder, { recursive: true });
});
