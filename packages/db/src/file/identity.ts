import { statSync } from 'node:fs';

import { DatabaseOutageError } from '../outage.ts';

function identify(path: string): string | null {
  const found = statSync(path, { throwIfNoEntry: false });
  return found === undefined ? null : `${found.dev}:${found.ino}`;
}

/** A look costs as much as a small read. */
const LOOK_EVERY_MS = 20;

/**
 * SQLite goes on writing to a file that was removed, or replaced, under it: everything would be acknowledged and lost.
 * The answer throws as long as another file, or none, is where the opened one was; it looks fifty times a second at
 * most. Of a path that is no file nothing is checked.
 */
export function createFileCheck(path: string): () => void {
  const opened = identify(path);
  if (opened === null) return () => undefined;
  let soundUntilMs = 0;
  return () => {
    const nowMs = performance.now();
    if (nowMs < soundUntilMs) return;
    const current = identify(path);
    if (current !== opened) {
      const what = current === null ? 'is gone' : 'was replaced';
      throw new DatabaseOutageError(`The database file ${what}: put it back, or start again.`);
    }
    soundUntilMs = nowMs + LOOK_EVERY_MS;
  };
}
