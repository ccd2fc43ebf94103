import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { TestHost } from './host.ts';

/** Every row of every table, by its table. */
export async function dumpTables(host: TestHost): Promise<Map<string, string>> {
  const tables = await host.readRows("select name from sqlite_schema where type = 'table' order by name");
  const dump = new Map<string, string>();
  for (const { name } of tables)
    dump.set(String(name), JSON.stringify(await host.readRows(`select * from "${String(name)}"`)));
  return dump;
}

/** The files as they lie there, the log of the last writes and pages that are free again included. */
export async function readFiles(folder: string): Promise<Map<string, string>> {
  const files = new Map<string, string>();
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    // demo.json is the demo's own list of secrets: those of the demo, and none of the pool's.
    if (entry.isFile()) files.set(path, await readFile(path, 'latin1'));
  }
  return files;
}
