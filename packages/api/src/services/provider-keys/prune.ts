import type { ServiceContext } from '../../context.ts';
import { pruneReportsStatement } from '../../pool/housekeeping.ts';
import { pruneWindowsStatement } from '../internal/rate-limit.ts';

/** Removes reports that are a day old and limits that are over. */
export async function pruneInternalRecords(ctx: Pick<ServiceContext, 'database' | 'clock'>): Promise<void> {
  await ctx.database.writeAll([pruneReportsStatement(ctx.clock.now()), pruneWindowsStatement(ctx.clock)]);
}
