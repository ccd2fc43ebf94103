import type { SqlRow, SqlValue } from '@ephemera/db';
import { base64url } from 'jose';

import { requireScope } from '../../auth/scopes.ts';
import type { ServiceContext } from '../../context.ts';
import { AppError } from '../../errors.ts';
import { fromRank } from '../../messages/priorities.ts';
import type { MessagePriority } from '../../messages/priorities.ts';
import { findNode } from '../nodes/find.ts';

/** What came for a node, what it sent, and what it never read in time. */
export const MESSAGE_BOXES = ['received', 'sent', 'expired'] as const;
export type MessageBox = (typeof MESSAGE_BOXES)[number];

export type ListNodeMessagesInput = {
  id: string;
  box: MessageBox;
  limit?: number | undefined;
  cursor?: string | undefined;
};

/** The outside of a message: an operator never sees what is in it. Times are ISO 8601. */
export type MessageEnvelope = {
  id: string;
  messageType: string;
  priority: MessagePriority;
  fromNode: string;
  /** The first of them. */
  toNodes: string[];
  recipients: number;
  /** Of the recipients: who has yet to read it, who did, and for whom it came too late. */
  pending: number;
  read: number;
  expired: number;
  sizeBytes: number;
  createdAt: string;
  expiresAt: string;
  /** When the node itself read it; `null` for what it sent. */
  readAt: string | null;
};

export type NodeMessages = {
  items: MessageEnvelope[];
  nextCursor: string | null;
  /** What waits for the node now. */
  mailbox: { pending: number; bytes: number };
};

const DEFAULT_LIMIT = 25;
/** A page costs no more than this many rows, whatever it finds among them. */
const LOOKED_AT = 2_000;
const SHOWN_RECIPIENTS = 5;

const ENVELOPE =
  'm.seq, m.id, m.from_node, m.message_type, m.priority, m.size_bytes, m.created_at, m.expires_at';

/** ?1 the node, ?2 now, ?3 before which number, ?4 whether only what was never read, ?5 how many. */
const RECEIVED_SQL = `select ${ENVELOPE}, json_array(d.to_node) as to_nodes, 1 as recipients, d.read_at,
    d.read_at is not null as read, d.read_at is null and d.expires_at <= ?2 as expired
  from (select * from deliveries where to_node = ?1 and message_seq < ?3 order by message_seq desc
    limit ${LOOKED_AT}) d cross join messages m on m.seq = d.message_seq
  where ?4 = 0 or (d.read_at is null and d.expires_at <= ?2)
  order by m.seq desc limit ?5`;
const SENT_SQL = `select ${ENVELOPE}, null as read_at,
    (select json_group_array(to_node) from (select to_node from deliveries where message_seq = m.seq
      order by to_node limit ${SHOWN_RECIPIENTS})) as to_nodes,
    (select count(*) from deliveries where message_seq = m.seq) as recipients,
    (select count(read_at) from deliveries where message_seq = m.seq) as read,
    (select count(*) from deliveries where message_seq = m.seq and read_at is null and expires_at <= ?2) as expired
  from (select * from messages where seq < ?3 order by seq desc limit ${LOOKED_AT}) m
  where m.from_node = ?1 and ?4 = 0 order by m.seq desc limit ?5`;
/** The last number that such a page looks at; none where it looks at all there are. */
const RECEIVED_END_SQL = `select message_seq as seq from deliveries where to_node = ?1 and message_seq < ?2
  order by message_seq desc limit 1 offset ${LOOKED_AT - 1}`;
const SENT_END_SQL = `select seq from messages where ?1 is not null and seq < ?2
  order by seq desc limit 1 offset ${LOOKED_AT - 1}`;
const MAILBOX_SQL = `select count(*) as pending, coalesce(sum(size_bytes), 0) as bytes
  from deliveries where to_node = ?1 and is_open = 1 and expires_at > ?2`;

const CURSOR = /^before\.(\d{1,15})$/;

function encodeCursor(seq: number): string {
  return base64url.encode(`before.${seq}`);
}

function decodeCursor(cursor: string): number {
  // A text of another length is no base64 at all.
  const isEncoded = /^[\w-]{1,64}$/.test(cursor) && cursor.length % 4 !== 1;
  const seq = isEncoded ? CURSOR.exec(new TextDecoder().decode(base64url.decode(cursor)))?.[1] : undefined;
  if (seq !== undefined && encodeCursor(Number(seq)) === cursor) return Number(seq);
  throw new AppError('invalid_request', 'The cursor is not one of ours.', { details: { param: 'cursor' } });
}

function toIso(ms: unknown): string {
  return new Date(Number(ms)).toISOString();
}

function toEnvelope(row: SqlRow): MessageEnvelope {
  const toNodes: unknown = JSON.parse(String(row['to_nodes']));
  const [recipients, read, expired] = [row['recipients'], row['read'], row['expired']].map(Number);
  return {
    id: String(row['id']),
    messageType: String(row['message_type']),
    priority: fromRank(Number(row['priority'])),
    fromNode: String(row['from_node']),
    toNodes: Array.isArray(toNodes) ? toNodes.map(String) : [],
    recipients: recipients ?? 0,
    pending: (recipients ?? 0) - (read ?? 0) - (expired ?? 0),
    read: read ?? 0,
    expired: expired ?? 0,
    sizeBytes: Number(row['size_bytes']),
    createdAt: toIso(row['created_at']),
    expiresAt: toIso(row['expires_at']),
    readAt: row['read_at'] === null ? null : toIso(row['read_at']),
  };
}

type PageFacts = { rows: readonly SqlRow[]; limit: number; endSeq: number | null };

/** On from the last row of a full page, else from where this one stopped looking. */
function findNext({ rows, limit, endSeq }: PageFacts): string | null {
  const last = rows.length > limit ? rows.at(limit - 1)?.['seq'] : endSeq;
  return last === null || last === undefined ? null : encodeCursor(Number(last));
}

/** The envelopes of a node's messages, the newest first. */
export async function listNodeMessages(
  ctx: ServiceContext,
  { id, box, limit = DEFAULT_LIMIT, cursor }: ListNodeMessagesInput,
): Promise<NodeMessages> {
  requireScope(ctx, 'nodes:read-all');
  await findNode(ctx, id);
  const beforeSeq = cursor === undefined ? Number.MAX_SAFE_INTEGER : decodeCursor(cursor);
  const nowMs = ctx.clock.now();
  const [listSql, endSql] = box === 'sent' ? [SENT_SQL, SENT_END_SQL] : [RECEIVED_SQL, RECEIVED_END_SQL];
  const args: SqlValue[] = [id, nowMs, beforeSeq, Number(box === 'expired'), limit + 1];
  const [rows, [end], [mailbox]] = await Promise.all([
    ctx.database.read(listSql, args),
    ctx.database.read(endSql, [id, beforeSeq]),
    ctx.database.read(MAILBOX_SQL, [id, nowMs]),
  ]);
  const endSeq = end === undefined ? null : Number(end['seq']);
  return {
    items: rows.slice(0, limit).map(toEnvelope),
    nextCursor: findNext({ rows, limit, endSeq }),
    mailbox: { pending: Number(mailbox?.['pending'] ?? 0), bytes: Number(mailbox?.['bytes'] ?? 0) },
  };
}
