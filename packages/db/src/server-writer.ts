import { createChainedBatch, toBatch } from './audit-chain-server.ts';
import type { ChainClient } from './audit-chain-server.ts';
import { splitToPlan } from './audit-chain-plan.ts';
import { hasAudit } from './audit-chain.ts';
import type { Statement, WriteResult } from './statement.ts';
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
export function createServerCommit(client: ChainClient): CommitBatch {
  const runChained = createChainedBatch(client);

  async function run(statements: readonly Statement[]): Promise<readonly WriteResult[]> {
    return hasAudit(statements)
      ? await runChained(statements)
      : await client.batch(toBatch(statements), 'write');
  }

  async function runTogether(units: readonly WriteUnit[]): Promise<WriteOutcome[]> {
    const results = await run(units.flat());
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

  async function runOrPart(units: readonly WriteUnit[]): Promise<WriteOutcome[]> {
    try {
      return await runTogether(units);
    } catch (error) {
      if (!isRefusedBySqlite(error)) throw error;
      if (units.length === 1) return [{ ok: false, error }];
      const outcomes: WriteOutcome[] = [];
      for (const unit of units) outcomes.push(await runAlone(unit));
      return outcomes;
    }
  }

  /** A part whose connection was lost must not take back what the parts before it were told. */
  async function runPart(units: readonly WriteUnit[]): Promise<WriteOutcome[]> {
    try {
      return await runOrPart(units);
    } catch (error) {
      return units.map(() => ({ ok: false, error }));
    }
  }

  return async (units) => {
    const parts = splitToPlan(units, (unit) => unit);
    if (parts.length < 2) return await runOrPart(units);
    const outcomes: WriteOutcome[] = [];
    for (const part of parts) outcomes.push(...(await runPart(part)));
    return outcomes;
  };
}
