import type { Database } from '@ephemera/db';

import { MAX_MESSAGE_BYTES } from '../../messages/size.ts';
import type { PendingMessage } from './view.ts';
import { PENDING_COLUMNS, toPendingMessage } from './view.ts';

/** As many as fit into one answer whatever their sizes are. */
const FEW = 16;
const MAX_ANSWER_BYTES = FEW * MAX_MESSAGE_BYTES;

/** Of all that waits, with what has expired and nobody has closed yet: never too little. */
const HELD_SQL = 'select bytes from mailboxes where node_id = ?1';
/** Of a bare `limit ?3` SQLite looks at the value, and so plans the statement anew each time: most of what a poll cost. */
const LIMIT = 'limit ?3 + 0';
const READ_SQL = `select ${PENDING_COLUMNS} from deliveries d indexed by deliveries_pending
  cross join messages m on m.seq = d.message_seq
  where d.to_node = ?1 and d.is_open = 1 and d.expires_at > ?2 order by d.priority, d.message_seq ${LIMIT}`;
/** As far as it fits into one answer. */
const READ_SOME_SQL = `select ${PENDING_COLUMNS} from (
    select message_seq, priority, size_bytes, sum(size_bytes) over (order by priority, message_seq) as total from (
      select message_seq, priority, size_bytes from deliveries indexed by deliveries_pending
      where to_node = ?1 and is_open = 1 and expires_at > ?2 order by priority, message_seq ${LIMIT})) waiting
  cross join messages m on m.seq = waiting.message_seq
  where waiting.total <= ${MAX_ANSWER_BYTES} order by waiting.priority, waiting.message_seq`;

type Wanted = { nodeId: string; nowMs: number; limit: number };

async function readMany(database: Pick<Database, 'read'>, { nodeId, nowMs, limit }: Wanted) {
  const [held] = await database.read(HELD_SQL, [nodeId]);
  const sql = Number(held?.['bytes'] ?? 0) > MAX_ANSWER_BYTES ? READ_SOME_SQL : READ_SQL;
  return await database.read(sql, [nodeId, nowMs, limit]);
}

/** The most urgent first, then the oldest; an expired one never. Mostly a mailbox holds few. */
export async function readPending(
  database: Pick<Database, 'read'>,
  wanted: Wanted,
): Promise<PendingMessage[]> {
  const { nodeId, nowMs, limit } = wanted;
  const few = await database.read(READ_SQL, [nodeId, nowMs, Math.min(limit, FEW)]);
  const rows = few.length < FEW || limit <= FEW ? few : await readMany(database, wanted);
  return rows.map(toPendingMessage);
}
