import { createNodeDatabase, type NodeDatabase } from '@ephemera/db/node';
import { open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';

import type { Config } from '../config.ts';
import { ensureFolder } from './ensure-folder.ts';
import { StartError } from './start-error.ts';

/** The migrated database of this configuration. Throws StartError with the reason in one line. */
export async function openDatabase({
  database: { url, authToken, synchronous },
}: Config): Promise<NodeDatabase> {
  try {
    await createFolderFor(url);
    const database = await createNodeDatabase({
      url,
      synchronous,
      ...(authToken === null ? {} : { authToken }),
    });
    await database.migrate();
    return database;
  } catch (cause) {
    throw new StartError(`The database ${withoutSecrets(url)} cannot be used: ${reasonOf(cause)}`, { cause });
  }
}

async function createFolderFor(url: string): Promise<void> {
  if (!url.startsWith('file:')) return;
  const path = url.startsWith('file://') ? fileURLToPath(url) : url.slice('file:'.length);
  await ensureFolder(dirname(path));
  // Its log files take over its mode: password hashes are nobody else's business.
  await (await open(path, 'a', 0o600)).close();
}

/** A libSQL address may carry its token in the query. */
function withoutSecrets(url: string): string {
  return url.replace(/\?.*$/, '').replace(/\/\/[^/@]*@/, '//');
}

/** The innermost cause says what happened; the outer ones quote statements. */
function reasonOf(error: unknown): string {
  let innermost = error;
  while (innermost instanceof Error && innermost.cause !== undefined) innermost = innermost.cause;
  if (!(innermost instanceof Error)) return 'unknown reason';
  const message = innermost.message.split('\n')[0] ?? '';
  const code = 'code' in innermost && typeof innermost.code === 'string' ? innermost.code : '';
  return (message.startsWith(code) ? message : `${code} ${message}`).slice(0, 300);
}
