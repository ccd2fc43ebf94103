import type { Database } from '@ephemera/db';

import type { PendingMessage } from './view.ts';
import { PENDING_COLUMNS, toPendingMessage } from './view.ts';

/** Of one answer; a single message may be smaller or larger, and comes anyway. */
const MAX_ANSWER_BYTES = 4_194_304;

/** Of all that waits, with what has expired and nobody has closed yet: never too little. */
const HELD = 'select bytes from mailboxes where node_id = ?1';
/** Nothing where all of it might not fit. */
const READ_SQL = `select ${PENDING_COLUMNS} from deliveries d indexed by deliveries_pending
  cross join messages m on m.seq = d.message_seq
  where d.to_node = ?1 and d.is_open = 1 and d.expires_at > ?2 and (${HELD}) <= ${MAX_ANSWER_BYTES}
  order by d.priority, d.message_seq limit ?3`;
/** As far as it fits into one answer: twice the work. */
const READ_SOME_SQL = `select ${PENDING_COLUMNS} from (
    select message_seq, priority, size_bytes, sum(size_bytes) over (order by priority, message_seq) as total from (
      select message_seq, priority, size_bytes from deliveries indexed by deliveries_pending
      where to_node = ?1 and is_open = 1 and expires_at > ?2 order by priority, message_seq limit ?3)) waiting
  cross join messages m on m.seq = waiting.message_seq
  where waiting.total - waiting.size_bytes < ${MAX_ANSWER_BYTES} order by waiting.priority, waiting.message_seq`;

/** The most urgent first, then the oldest; an expired one never. */
export async function readPending(
  database: Pick<Database, 'read'>,
  { nodeId, nowMs, limit }: { nodeId: string; nowMs: number; limit: number },
): Promise<PendingMessage[]> {
  const args = [nodeId, nowMs, limit];
  const rows = await database.read(READ_SQL, args);
  if (rows.length > 0) return rows.map(toPendingMessage);
  const [held] = await database.read(HELD, [nodeId]);
  if (Number(held?.['bytes'] ?? 0) <= MAX_ANSWER_BYTES) return [];
  return (await database.read(READ_SOME_SQL, args)).map(toPendingMessage);
}
