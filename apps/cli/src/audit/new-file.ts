import { open } from 'node:fs/promises';
import { resolve } from 'node:path';

import { CliError, EXIT } from '../cli-error.ts';
import { sanitize } from '../table.ts';
import type { Terminal } from '../terminal.ts';

export type NewFile = AsyncDisposable & { shown: string; write: (text: string) => Promise<void> };

/** A file that was not there before, for its owner alone: what was kept is never written over. */
export async function createNewFile({ callersFolder }: Terminal, file: string): Promise<NewFile> {
  const shown = sanitize(file);
  const handle = await open(resolve(callersFolder, file), 'wx', 0o600).catch((cause: unknown) => {
    const isThere = cause instanceof Error && 'code' in cause && cause.code === 'EEXIST';
    throw new CliError(
      isThere ? EXIT.usage : EXIT.failed,
      isThere ? `${shown} is there already: name a new file.` : `${shown} cannot be written.`,
      { cause },
    );
  });
  return {
    shown,
    write: async (text) => void (await handle.write(text)),
    [Symbol.asyncDispose]: () => handle.close(),
  };
}
