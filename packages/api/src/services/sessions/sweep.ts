import { describeError } from '../../errors.ts';
import type { OverdueContext } from './close-overdue.ts';
import { closeOverdue } from './close-overdue.ts';

/**
 * For whoever only wants to read: what is over is closed first. Where that fails, or leaves some (false), it is told by
 * the clock alone.
 */
export async function closeOverdueIfPossible(ctx: OverdueContext): Promise<boolean> {
  try {
    const { isDone } = await closeOverdue(ctx);
    return isDone;
  } catch (error) {
    ctx.logger.warn('sessions.sweep_failed', { error: describeError(error) });
    return false;
  }
}

const PRUNE_SQL = "delete from allowances where kind = 'address' and last_seen_at < ?1";
const ADDRESS_KEPT_MS = 3_600_000;

/** What a host does every now and then, so that sessions end in the log though nobody looks. */
export async function tidySessions(ctx: OverdueContext): Promise<void> {
  await closeOverdueIfPossible(ctx);
  try {
    await ctx.database.write({ sql: PRUNE_SQL, args: [ctx.clock.now() - ADDRESS_KEPT_MS] });
  } catch (error) {
    ctx.logger.warn('allowances.prune_failed', { error: describeError(error) });
  }
}
