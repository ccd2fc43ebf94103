import { randomBytes } from 'node:crypto';
import { chmod, open, readFile, readlink, realpath, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';

import { CliError, EXIT } from '../cli-error.ts';

/** For its owner only: it holds a secret. */
const MODE = 0o600;

export type FileChange = { path: string; kind: 'created' | 'replaced' | 'unchanged' };

/**
 * Replaces a file by what `change` makes of it, whole or not at all: readers see the old file or the new one. A link is
 * followed, even to where no file is yet; the file itself is replaced. `change` is given one character a byte and may
 * add ASCII.
 */
export async function changeFile(path: string, change: (text: string) => string): Promise<FileChange> {
  try {
    return await changeOrThrow(path, change);
  } catch (cause) {
    if (cause instanceof CliError) throw cause;
    const reason = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown';
    throw new CliError(EXIT.failed, `${path} cannot be written (${reason}); it was left as it is.`, {
      cause,
    });
  }
}

async function changeOrThrow(path: string, change: (text: string) => string): Promise<FileChange> {
  const target = await resolveTarget(path);
  const found = await orNull(stat(target));
  // A pipe would be waited for, and then replaced.
  if (found !== null && !found.isFile()) {
    throw new CliError(EXIT.failed, `${path} is no regular file; it was left as it is.`);
  }
  // One character a byte, so that bytes which are no valid text come out as they went in.
  const before = await orNull(readFile(target, 'latin1'));
  const after = change(before ?? '');
  if (before === after) {
    await chmod(target, MODE);
    return { path, kind: 'unchanged' };
  }
  await replaceFile(target, after);
  return { path, kind: before === null ? 'created' : 'replaced' };
}

async function resolveTarget(path: string): Promise<string> {
  const real = await orNull(realpath(path));
  if (real !== null) return real;
  const link = await orNull(readlink(path));
  return link === null ? path : await resolveTarget(resolve(await realpath(dirname(path)), link));
}

async function replaceFile(target: string, text: string): Promise<void> {
  const draft = join(dirname(target), `.${basename(target)}.${randomBytes(6).toString('hex')}.tmp`);
  try {
    await using file = await open(draft, 'wx', MODE);
    // The mask of the process may have taken rights away; the owner needs both.
    await file.chmod(MODE);
    await file.writeFile(text, 'latin1');
    await file.sync();
    await rename(draft, target);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
}

/** Null where there is no file, or no link. */
async function orNull<T>(reading: Promise<T>): Promise<T | null> {
  try {
    return await reading;
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : null;
    if (code === 'ENOENT' || code === 'EINVAL') return null;
    throw error;
  }
}
