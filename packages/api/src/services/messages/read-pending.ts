import type { Database } from '@ephemera/db';

import type { PendingMessage } from './view.ts';
import { PENDING_COLUMNS, toPendingMessage } from './view.ts';

/** Of one answer; a single message may be smaller or larger, and comes anyway. */
const MAX_ANSWER_BYTES = 4_194_304;

const READ_SQL = `select ${PENDING_COLUMNS} from (
    select message_seq, priority, size_bytes, sum(size_bytes) over (order by priority, message_seq) as total from (
      select message_seq, priority, size_bytes from deliveries
      where to_node = ?1 and is_open = 1 and expires_at > ?2 order by priority, message_seq limit ?3)) d
  cross join messages m on m.seq = d.message_seq
  where d.total - d.size_bytes < ${MAX_ANSWER_BYTES} order by d.priority, d.message_seq`;

/** The most urgent first, then the oldest; an expired one never. */
export async function readPending(
  database: Pick<Database, 'read'>,
  { nodeId, nowMs, limit }: { nodeId: string; nowMs: number; limit: number },
): Promise<PendingMessage[]> {
  return (await database.read(READ_SQL, [nodeId, nowMs, limit])).map(toPendingMessage);
}
