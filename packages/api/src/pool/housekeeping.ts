import { countSessionUses } from '@ephemera/db';
import type { Database, Statement } from '@ephemera/db';

import type { Clock, Logger } from '../context.ts';
import { describeError } from '../errors.ts';

/** For so long a retried report is known. */
const KEPT_MS = 24 * 3_600_000;
/** At a time, so that a long pause costs nobody a long transaction. */
const MAX_ROWS = 5_000;

const PRUNE_SQL = `delete from provider_key_reports where rowid in (
  select rowid from provider_key_reports where at < ?1 order by at limit ${MAX_ROWS})`;

/** Reports that are a day old; what they counted stays counted. */
export function pruneReportsStatement(nowMs: number): Statement {
  return { sql: PRUNE_SQL, args: [nowMs - KEPT_MS] };
}

/** Of the callers of one moment, one sees to it. */
const KEEP_EVERY_MS = 1_000;
const PRUNE_EVERY_MS = 3_600_000;

export type HousekeepingOptions = { database: Database; clock: Clock; logger: Logger };

/** What a pool does beside its requests: it counts what the mints left uncounted, and once an hour it clears up. */
export function createHousekeeping({ database, clock, logger }: HousekeepingOptions): () => Promise<void> {
  let keptAtMs = 0;
  let prunedAtMs = 0;

  async function keepHouse(): Promise<void> {
    await countSessionUses(database);
    const nowMs = clock.now();
    if (Math.abs(nowMs - prunedAtMs) < PRUNE_EVERY_MS) return;
    await database.write(pruneReportsStatement(nowMs));
    prunedAtMs = nowMs;
  }

  return async () => {
    if (Math.abs(clock.now() - keptAtMs) < KEEP_EVERY_MS) return;
    keptAtMs = clock.now();
    try {
      await keepHouse();
    } catch (error) {
      // Nothing is lost: the next one counts what this one did not.
      logger.warn('provider_keys.not_counted', { error: describeError(error) });
    }
  };
}
