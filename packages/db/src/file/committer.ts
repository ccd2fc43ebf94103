import { createHash } from 'node:crypto';

import type { WriteOutcome, WriteUnit } from '../write-queue.ts';
import { openFileConnection } from './connection.ts';
import type { FileConnection, FileConnectionOptions } from './connection.ts';
import { createGroupCommit } from './group-commit.ts';

export type FileCommitter = {
  connection: FileConnection;
  commit: (units: readonly WriteUnit[]) => WriteOutcome[];
};

/** A connection and the group commit on it; the server's thread has one, and so has the thread beside it. */
export function createFileCommitter(path: string, options: FileConnectionOptions): FileCommitter {
  const connection = openFileConnection(path, options);
  const commit = createGroupCommit(connection, (text) =>
    createHash('sha256').update(text, 'utf8').digest('hex'),
  );
  return { connection, commit };
}
