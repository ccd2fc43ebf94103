import type { Statement } from '@ephemera/db';

import type { ServiceContext } from '../../context.ts';
import { describeError } from '../../errors.ts';

type Context = Pick<ServiceContext, 'database' | 'clock' | 'logger'>;

/** For so long after it has expired a message's envelope is shown, and its idempotency key remembered. */
const KEPT_MS = 24 * 3_600_000;
const CLOSED_AT_ONCE = 500;
/** Each with up to 256 deliveries. */
const PRUNED_AT_ONCE = 50;
const MAX_ROUNDS = 400;

const CLOSE_SQL = `update deliveries set is_open = 0 where (to_node, message_seq) in (
  select to_node, message_seq from deliveries where is_open = 1 and expires_at <= ?1 limit ${CLOSED_AT_ONCE})`;
const OLD = `select seq from messages where expires_at <= ?1 order by expires_at, seq limit ${PRUNED_AT_ONCE}`;
const DROP_DELIVERIES_SQL = `delete from deliveries where (to_node, message_seq) in (
  select d.to_node, d.message_seq from (${OLD}) old cross join deliveries d on d.message_seq = old.seq)`;
const DROP_MESSAGES_SQL = `delete from messages where seq in (${OLD})`;

/** In small units, between which others get their turn. True: there is nothing more to do. */
async function repeat(
  { database }: Context,
  { unit, atOnce }: { unit: readonly Statement[]; atOnce: number },
): Promise<boolean> {
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    const results = await database.writeAll(unit);
    if ((results.at(-1)?.rowsAffected ?? 0) < atOnce) return true;
  }
  return false;
}

/** Expired messages leave their mailboxes, and old ones the database. Nothing depends on it: who reads goes by the clock. */
export async function tidyMessages(ctx: Context): Promise<void> {
  const nowMs = ctx.clock.now();
  try {
    const isClosed = await repeat(ctx, {
      unit: [{ sql: CLOSE_SQL, args: [nowMs] }],
      atOnce: CLOSED_AT_ONCE,
    });
    const args = [nowMs - KEPT_MS];
    const unit = [
      { sql: DROP_DELIVERIES_SQL, args },
      { sql: DROP_MESSAGES_SQL, args },
    ];
    // A delivery that is dropped while it is open would stay in the mailbox's counts.
    if (isClosed) await repeat(ctx, { unit, atOnce: PRUNED_AT_ONCE });
  } catch (error) {
    ctx.logger.warn('messages.tidy_failed', { error: describeError(error) });
  }
}
