import type { Client } from '@libsql/client';

import { isTooLongToPlan, planLinks, splitToPlan } from './audit-chain-plan.ts';
import { isStaleHead, READ_CHAIN_HEAD, toChainHead } from './audit-chain.ts';
import { pause, TRIES } from './patience.ts';
import type { Statement, WriteResult } from './statement.ts';

export type ChainClient = Pick<Client, 'batch' | 'execute' | 'transaction'>;

/** All of them or none, with the entries of the audit among them chained. */
export type ChainedBatch = (statements: readonly Statement[]) => Promise<WriteResult[]>;

export function toBatch(statements: readonly Statement[]) {
  return statements.map(({ sql, args }) => ({ sql, args: [...args] }));
}

/**
 * Chains on a server: the batch carries the hash it expects to be the last one, and fails as a whole where it is not;
 * then the last one is read and the batch is sent again.
 */
export function createChainedBatch(client: ChainClient): ChainedBatch {
  /** What the last one was when this instance last knew: a guess that saves the question, never a promise. */
  let guess: string | null = null;

  async function readHead(): Promise<string> {
    return toChainHead((await client.execute(READ_CHAIN_HEAD)).rows);
  }

  async function tryOnce(statements: readonly Statement[]): Promise<WriteResult[]> {
    const plan = await planLinks(statements, guess ?? (await readHead()));
    guess = null;
    const results = await client.batch(toBatch(plan.statements), 'write');
    guess = plan.headAfter(results);
    return results;
  }

  /** So many conditional entries that not every outcome can be foreseen: in steps, while the writer's lock is held. */
  async function runInSteps(statements: readonly Statement[]): Promise<WriteResult[]> {
    const transaction = await client.transaction('write');
    try {
      const results: WriteResult[] = [];
      let head = toChainHead((await transaction.execute(READ_CHAIN_HEAD)).rows);
      for (const step of splitToPlan(statements, (statement) => [statement])) {
        const plan = await planLinks(step, head);
        const outcome = await transaction.batch(toBatch(plan.statements));
        head = plan.headAfter(outcome);
        results.push(...outcome);
      }
      await transaction.commit();
      return results;
    } finally {
      transaction.close();
    }
  }

  return async (statements) => {
    if (isTooLongToPlan(statements)) return await runInSteps(statements);
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await tryOnce(statements);
      } catch (error) {
        if (!isStaleHead(error) || attempt === TRIES) throw error;
      }
      // The first time it is the guess that was wrong, and nobody to wait for.
      if (attempt > 1) await pause(attempt);
    }
  };
}
