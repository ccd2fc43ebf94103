import type { SqlRow } from '@ephemera/db';

import { requireScope } from '../../auth/scopes.ts';
import type { ServiceContext } from '../../context.ts';
import { describeError } from '../../errors.ts';
import { requireNodeItself } from '../nodes/require-node.ts';
import { mayStillRead, requireRoomToWait } from './require-reader.ts';
import type { PendingMessage } from './view.ts';
import { PENDING_COLUMNS, toPendingMessage } from './view.ts';

export type StreamInput = {
  nodeId: string;
  /** The last `eventId` that was seen; 0 begins with all that waits. */
  afterEventId: number;
};

/**
 * `eventId`: whoever goes on after it misses nothing. The urgent overtake the old, so it stands still until everything
 * that waited at once has been told; who goes on from within is told some of it again.
 */
export type StreamEvent = { kind: 'message'; eventId: number; message: PendingMessage } | { kind: 'ping' };

type Waiting = { seq: number; sizeBytes: number };
type Position = { nodeId: string; afterSeq: number };

/** As long as nothing comes, so that who listens, and what lies between, knows that the other end is there. */
const PING_MS = 15_000;
const MAX_CHUNK_BYTES = 1_048_576;
const MAX_CHUNK = 50;

const NEWEST_SQL = 'select coalesce(max(seq), 0) as newest from messages';
const WAITING_SQL = `select message_seq, size_bytes from deliveries indexed by deliveries_pending
  where to_node = ?1 and is_open = 1 and message_seq > ?2 and expires_at > ?3 order by priority, message_seq`;
const READ_SQL = `select ${PENDING_COLUMNS} from json_each(?2) r
  cross join deliveries d on d.to_node = ?1 and d.message_seq = r.value
  cross join messages m on m.seq = d.message_seq
  where d.is_open = 1 and d.expires_at > ?3 order by r.key`;

/** An event that never was: of a database that has since been put back to an older state. Better told twice than not. */
async function findStart(ctx: ServiceContext, afterEventId: number): Promise<number> {
  if (afterEventId === 0) return 0;
  const [row] = await ctx.database.read(NEWEST_SQL);
  return Number(row?.['newest'] ?? 0) < afterEventId ? 0 : afterEventId;
}

async function listWaiting(ctx: ServiceContext, { nodeId, afterSeq }: Position): Promise<Waiting[]> {
  const rows = await ctx.database.read(WAITING_SQL, [nodeId, afterSeq, ctx.clock.now()]);
  return rows.map((row) => ({ seq: Number(row['message_seq']), sizeBytes: Number(row['size_bytes']) }));
}

/** The first of them, so many that they fit into memory side by side. */
function takeChunk(waiting: readonly Waiting[]): Waiting[] {
  let bytes = 0;
  const end = waiting.findIndex(({ sizeBytes }, index) => {
    bytes += sizeBytes;
    return index > 0 && (index >= MAX_CHUNK || bytes > MAX_CHUNK_BYTES);
  });
  return end === -1 ? [...waiting] : waiting.slice(0, end);
}

/** Without what has been read or has expired since it was listed. */
async function readChunk(
  ctx: ServiceContext,
  nodeId: string,
  chunk: readonly Waiting[],
): Promise<readonly SqlRow[]> {
  const seqs = JSON.stringify(chunk.map(({ seq }) => seq));
  return await ctx.database.read(READ_SQL, [nodeId, seqs, ctx.clock.now()]);
}

/** All of what was found waiting. */
async function* tell(
  ctx: ServiceContext,
  { nodeId, afterSeq }: Position,
  waiting: readonly Waiting[],
): AsyncGenerator<StreamEvent> {
  const newest = Math.max(...waiting.map(({ seq }) => seq));
  const last = waiting.at(-1)?.seq;
  for (let rest = waiting; rest.length > 0;) {
    const chunk = takeChunk(rest);
    rest = rest.slice(chunk.length);
    if (!(await mayStillRead(ctx, nodeId))) return;
    for (const row of await readChunk(ctx, nodeId, chunk)) {
      const eventId = row['seq'] === last ? newest : afterSeq;
      yield { kind: 'message', eventId, message: toPendingMessage(row) };
    }
  }
}

async function* follow(
  ctx: ServiceContext,
  { nodeId, afterEventId }: StreamInput,
  signal: AbortSignal,
): AsyncGenerator<StreamEvent> {
  const { mailboxes } = ctx;
  const attendance = mailboxes.attend(nodeId);
  const endsAtMs = mailboxes.nowMs() + mailboxes.maxStreamMs;
  let saidAtMs = mailboxes.nowMs();
  const isOver = (): boolean => signal.aborted || mailboxes.isClosed() || mailboxes.nowMs() >= endsAtMs;
  try {
    let afterSeq = await findStart(ctx, afterEventId);
    while (!isOver() && (await mayStillRead(ctx, nodeId))) {
      attendance.listen();
      const waiting = await listWaiting(ctx, { nodeId, afterSeq });
      if (waiting.length > 0) {
        yield* tell(ctx, { nodeId, afterSeq }, waiting);
        afterSeq = Math.max(...waiting.map(({ seq }) => seq));
        saidAtMs = mailboxes.nowMs();
      } else if (mailboxes.nowMs() - saidAtMs >= PING_MS) {
        yield { kind: 'ping' };
        saidAtMs = mailboxes.nowMs();
      } else {
        await attendance.wait(saidAtMs + PING_MS - mailboxes.nowMs(), signal);
      }
    }
  } finally {
    attendance.end();
  }
}

/** There is no status left to say it with: the listener comes back, and then hears what is wrong. */
async function* endQuietly(
  ctx: ServiceContext,
  events: AsyncGenerator<StreamEvent>,
): AsyncGenerator<StreamEvent> {
  try {
    yield* events;
  } catch (error) {
    ctx.logger.warn('messages.stream_failed', { requestId: ctx.requestId, error: describeError(error) });
  }
}

/**
 * What waits for the node that asks, and from then on whatever comes, each once. It ends when `signal` is aborted, when
 * the host drains, when the node may no longer read, and by itself after some minutes: the listener then goes on after
 * the last event it saw. Throws at once where the caller may not.
 */
export function streamMessages(
  ctx: ServiceContext,
  input: StreamInput,
  signal: AbortSignal,
): AsyncGenerator<StreamEvent> {
  requireScope(ctx, 'messages:read-own');
  requireNodeItself(ctx, input.nodeId);
  requireRoomToWait(ctx, input.nodeId);
  return endQuietly(ctx, follow(ctx, input, signal));
}
