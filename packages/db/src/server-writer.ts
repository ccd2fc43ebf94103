import type { Client } from '@libsql/client';

import type { CommitBatch, WriteOutcome, WriteUnit } from './write-queue.ts';

const NO_ANSWER = 'The server gave no answer for this statement.';

/**
 * A statement that SQLite refused has rolled its batch back. Anything else (a lost connection) may have been
 * committed: running it again could count it twice, so its callers are told.
 */
function isRefusedBySqlite(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' && code.startsWith('SQLITE_');
}

/** Group commit on a server: one round trip for a batch, and one for each unit of a batch that was refused. */
export function createServerCommit(client: Pick<Client, 'batch'>): CommitBatch {
  async function runTogether(units: readonly WriteUnit[]): Promise<WriteOutcome[]> {
    const results = await client.batch(
      units.flat().map(({ sql, args }) => ({ sql, args: [...args] })),
      'write',
    );
    let next = 0;
    return units.map(({ length }) => {
      const own = results.slice(next, next + length);
      next += length;
      return own.length === length ? { ok: true, results: own } : { ok: false, error: new Error(NO_ANSWER) };
    });
  }

  async function runAlone(unit: WriteUnit): Promise<WriteOutcome> {
    try {
      const [outcome] = await runTogether([unit]);
      return outcome ?? { ok: false, error: new Error(NO_ANSWER) };
    } catch (error) {
      return { ok: false, error };
    }
  }

  return async (units) => {
    try {
      return await runTogether(units);
    } catch (error) {
      if (!isRefusedBySqlite(error)) throw error;
      if (units.length === 1) return [{ ok: false, error }];
      const outcomes: WriteOutcome[] = [];
      for (const unit of units) outcomes.push(await runAlone(unit));
      return outcomes;
    }
  };
}
