import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}

/** Level by level: `mkdir` with `recursive` never returns where a file system refuses as ENOENT, as /proc does. */
export async function ensureFolder(path: string): Promise<void> {
  const made = await tryMakeFolder(path);
  if (made !== 'no_parent' || dirname(path) === path) return;
  await ensureFolder(dirname(path));
  await mkdir(path, { mode: 0o700 });
}

async function tryMakeFolder(path: string): Promise<'made' | 'existed' | 'no_parent'> {
  try {
    await mkdir(path, { mode: 0o700 });
    return 'made';
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return 'existed';
    if (codeOf(error) === 'ENOENT') return 'no_parent';
    throw error;
  }
}
