import type { ServiceContext } from '../../context.ts';
import { pruneWindowsStatement } from '../internal/rate-limit.ts';

/** For so long a retried report is known. */
const KEPT_MS = 24 * 3_600_000;
/** At a time, so that a long pause costs nobody a long transaction. */
const MAX_ROWS = 5_000;

const PRUNE_SQL = `delete from provider_key_reports where rowid in (
  select rowid from provider_key_reports where at < ?1 order by at limit ${MAX_ROWS})`;

/** Removes reports that are a day old and limits that are over; what they counted stays counted. */
export async function pruneInternalRecords(ctx: Pick<ServiceContext, 'database' | 'clock'>): Promise<void> {
  await ctx.database.writeAll([
    { sql: PRUNE_SQL, args: [ctx.clock.now() - KEPT_MS] },
    pruneWindowsStatement(ctx.clock),
  ]);
}
