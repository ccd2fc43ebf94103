import type { Client } from '@libsql/client';

import type { Statement } from './statement.ts';
import type { CommitBatch, WriteOutcome } from './write-queue.ts';

/**
 * A statement that SQLite refused has rolled its batch back. Anything else (a lost connection) may have been
 * committed: running it again could count it twice, so its callers are told.
 */
function isRefusedBySqlite(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' && code.startsWith('SQLITE_');
}

/** Group commit on a server: one round trip for a batch, and one for each statement of a batch that was refused. */
export function createServerCommit(client: Pick<Client, 'batch'>): CommitBatch {
  async function runTogether(statements: readonly Statement[]): Promise<WriteOutcome[]> {
    const results = await client.batch(
      statements.map(({ sql, args }) => ({ sql, args: [...args] })),
      'write',
    );
    return results.map((result) => ({ ok: true, result }));
  }

  async function runAlone(statement: Statement): Promise<WriteOutcome> {
    try {
      const [outcome] = await runTogether([statement]);
      return outcome ?? { ok: false, error: new Error('The server gave no answer for this statement.') };
    } catch (error) {
      return { ok: false, error };
    }
  }

  return async (statements) => {
    try {
      return await runTogether(statements);
    } catch (error) {
      if (!isRefusedBySqlite(error)) throw error;
      if (statements.length === 1) return [{ ok: false, error }];
      const outcomes: WriteOutcome[] = [];
      for (const statement of statements) outcomes.push(await runAlone(statement));
      return outcomes;
    }
  };
}
