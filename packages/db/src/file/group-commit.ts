import { formatLink, hasAudit, READ_CHAIN_HEAD, toChainHead, withLinks } from '../audit-chain.ts';
import type { FileConnection } from './connection.ts';
import type { Statement, WriteResult } from '../statement.ts';
import type { WriteOutcome, WriteUnit } from '../write-queue.ts';

const BEGIN: Statement = { sql: 'begin immediate', args: [] };
const COMMIT: Statement = { sql: 'commit', args: [] };
const ROLLBACK: Statement = { sql: 'rollback', args: [] };
const SAVEPOINT: Statement = { sql: 'savepoint unit', args: [] };
const RELEASE: Statement = { sql: 'release unit', args: [] };
const ROLLBACK_TO: Statement = { sql: 'rollback to unit', args: [] };

type Run = (statement: Statement) => WriteResult;
/** SHA-256 in lower-case hex, at once: nothing may come between the statements of a transaction. */
type Digest = (text: string) => string;

/** Runs statements and chains the entries of the audit among them, within one transaction at a time. */
function createChaining(run: Run, digest: Digest) {
  /** The last hash as this transaction sees it; null until it is asked for. */
  let head: string | null = null;

  return {
    run: (statement: Statement): WriteResult => {
      const { audit } = statement;
      if (audit === undefined) return run(statement);
      head ??= toChainHead(run({ sql: READ_CHAIN_HEAD, args: [] }).rows);
      const hash = digest(formatLink(head, audit.record));
      const result = run(withLinks(statement, { [head]: hash }));
      if (result.rowsAffected > 0) head = hash;
      return result;
    },
    mark: () => head,
    /** What was chained since then has been rolled back. */
    resetTo: (mark: string | null) => {
      head = mark;
    },
  };
}

type Chaining = ReturnType<typeof createChaining>;

function createTransactions({ run, isInTransaction }: FileConnection, chaining: Chaining) {
  return <Result>(work: () => Result): Result => {
    run(BEGIN);
    chaining.resetTo(null);
    try {
      const result = work();
      run(COMMIT);
      return result;
    } finally {
      if (isInTransaction()) run(ROLLBACK);
    }
  };
}

/** Runs units in one transaction, at once: one outcome a unit, and one that is refused does not take the others along. */
export function createGroupCommit(
  connection: FileConnection,
  digest: Digest,
): (units: readonly WriteUnit[]) => WriteOutcome[] {
  const { run, isInTransaction } = connection;
  const chaining = createChaining(run, digest);
  const inTransaction = createTransactions(connection, chaining);

  /** SQLite undoes a refused statement alone, unless the trouble was large enough to end the transaction. */
  function tryOne(statement: Statement): WriteOutcome {
    try {
      return { ok: true, results: [chaining.run(statement)] };
    } catch (error) {
      if (!isInTransaction()) throw error;
      return { ok: false, error };
    }
  }

  /** Inside a transaction of others: only a savepoint can undo the statements that went before the refused one. */
  function tryAll(unit: WriteUnit): WriteOutcome {
    const mark = chaining.mark();
    run(SAVEPOINT);
    try {
      const results = unit.map(chaining.run);
      run(RELEASE);
      return { ok: true, results };
    } catch (error) {
      if (!isInTransaction()) throw error;
      run(ROLLBACK_TO);
      run(RELEASE);
      chaining.resetTo(mark);
      return { ok: false, error };
    }
  }

  function tryUnit(unit: WriteUnit): WriteOutcome {
    const [only] = unit;
    return only !== undefined && unit.length === 1 ? tryOne(only) : tryAll(unit);
  }

  /** Without savepoints, which cost a third of a small unit; null where a unit was refused, and nothing was written. */
  function tryTogether(units: readonly WriteUnit[]): WriteOutcome[] | null {
    let done = -1;
    try {
      return inTransaction(() => {
        done = 0;
        return units.map((unit): WriteOutcome => {
          const results = unit.map(chaining.run);
          done += 1;
          return { ok: true, results };
        });
      });
    } catch (error) {
      if (done >= 0 && done < units.length) return null;
      throw error;
    }
  }

  return (units: readonly WriteUnit[]): WriteOutcome[] => {
    const [first = []] = units;
    if (units.length > 1) return tryTogether(units) ?? inTransaction(() => units.map(tryUnit));
    // A lone statement is its own transaction and a lone unit needs no savepoint; where it is refused, so is the batch.
    const isAlone = first.length === 1 && !hasAudit(first);
    const results = isAlone ? first.map(run) : inTransaction(() => first.map(chaining.run));
    return [{ ok: true, results }];
  };
}
