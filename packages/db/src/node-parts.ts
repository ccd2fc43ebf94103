import type { Database, Orm } from './database.ts';
import type { CommitBatch } from './write-queue.ts';

/** What a file and a server each bring to a database on Node. */
export type NodeParts = {
  orm: Orm;
  migrate: (migrationsFolder: string) => Promise<void>;
  commitBatch: CommitBatch;
  /** Where larger batches bring nothing. In units. */
  maxBatch?: number;
  read: Database['read'];
  close: () => Promise<void>;
};
