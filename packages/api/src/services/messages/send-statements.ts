import type { Statement } from '@ephemera/db';

import { toRank } from '../../messages/priorities.ts';
import type { RateWindow } from '../internal/rate-limit.ts';
import { countStatement } from '../internal/rate-limit.ts';
import type { SendMessageInput } from './send.ts';

/** A message that is about to be stored. */
export type Draft = {
  id: string;
  input: SendMessageInput;
  /** Each once. */
  toNodes: readonly string[];
  content: string;
  metadata: string;
  sizeBytes: number;
  nowMs: number;
  requestHash: string | null;
};

export type Room = { window: RateWindow; mailboxMessages: number; mailboxBytes: number };

/** Expired ones hold room until somebody closes them: where a mailbox seems full, that is here. */
const MAKE_ROOM_SQL = `update deliveries set is_open = 0 where is_open = 1 and expires_at <= ?1
  and to_node in (select b.node_id from json_each(?2) r cross join mailboxes b on b.node_id = r.value
    where b.pending >= ?3 or b.bytes + ?4 > ?5)`;
/** As `countStatement`; a repeated request is not counted again. */
const COUNT_ONCE_SQL = `insert into rate_windows (scope, subject, window_start, count) select ?1, ?2, ?3, 1
  where not exists (select 1 from messages where from_node = ?2 and idempotency_key = ?5)
  on conflict (scope, subject, window_start) do update set count = count + 1 where count < ?4 returning count`;
const STORE_SQL = `insert into messages (id, from_node, message_type, content, priority, metadata, created_at, expires_at,
    idempotency_key, request_hash, size_bytes)
  select ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11 where changes() > 0`;
/** Nothing where the message was not stored. */
const DELIVER = `insert into deliveries (to_node, message_seq, priority, expires_at, size_bytes)
  select n.id, stored.seq, ?3, ?4, ?5 from (select seq from messages where id = ?1) stored`;
const WITH_ROOM = `left join mailboxes b on b.node_id = n.id
  where n.revoked_at is null and coalesce(b.pending, 0) < ?6 and coalesce(b.bytes, 0) + ?5 <= ?7`;
const DELIVER_SQL = `${DELIVER} cross join json_each(?2) r cross join nodes n on n.id = r.value ${WITH_ROOM} returning to_node`;
/** As most messages are: a list costs a tenth of the unit. Who took it need not be told, only whether. */
const DELIVER_TO_ONE_SQL = `${DELIVER} cross join nodes n on n.id = ?2 ${WITH_ROOM}`;
const KEEP_OUTCOME_SQL = `update messages set outcome = (select json_group_array(json_object('nodeId', r.value, 'state', case
      when d.to_node is not null then 'accepted'
      when n.id is null or n.revoked_at is not null then 'unknown_node' else 'mailbox_full' end))
    from json_each(?2) r left join nodes n on n.id = r.value
      left join deliveries d on d.to_node = r.value and d.message_seq = messages.seq)
  where id = ?1`;

function countSend({ input }: Draft, { window }: Room): Statement {
  if (input.idempotencyKey === null) return countStatement(window);
  const { scope, subject, startMs, limit } = window;
  return { sql: COUNT_ONCE_SQL, args: [scope, subject, startMs, limit, input.idempotencyKey] };
}

function expiryOf({ nowMs, input }: Draft): number {
  return nowMs + input.ttlSeconds * 1_000;
}

function store(draft: Draft): Statement {
  const { id, input, content, metadata, sizeBytes, nowMs, requestHash } = draft;
  const { fromNode, messageType, priority, idempotencyKey } = input;
  const body = [id, fromNode, messageType, content, toRank(priority), metadata];
  const times = [nowMs, expiryOf(draft)];
  return { sql: STORE_SQL, args: [...body, ...times, idempotencyKey, requestHash, sizeBytes] };
}

function makeRoom({ nowMs, sizeBytes }: Draft, to: string, room: Room): Statement {
  return { sql: MAKE_ROOM_SQL, args: [nowMs, to, room.mailboxMessages, sizeBytes, room.mailboxBytes] };
}

function deliver(draft: Draft, toNodes: readonly string[], room: Room): Statement {
  const [first = '', ...others] = toNodes;
  const isOne = others.length === 0;
  const { id, input, sizeBytes } = draft;
  const message = [toRank(input.priority), expiryOf(draft), sizeBytes];
  return {
    sql: isOne ? DELIVER_TO_ONE_SQL : DELIVER_SQL,
    args: [id, isOne ? first : JSON.stringify(toNodes), ...message, room.mailboxMessages, room.mailboxBytes],
  };
}

/** A unit, and where in it is told what became of it. */
export type SendUnit = { statements: Statement[]; counted: number; delivered: number };

const FORGET_SQL = `update messages set content = 'null', metadata = '{}', idempotency_key = null, request_hash = null,
    outcome = null
  where id = ?1 and not exists (select 1 from deliveries where message_seq = messages.seq)`;

/** What nobody took need not be kept, and its key is free: the same request may go better later. */
export function forgetUntakenStatement(id: string): Statement {
  return { sql: FORGET_SQL, args: [id] };
}

/**
 * The sender's count, the message and its deliveries: all of it or nothing. Nothing where the sender has no room, or
 * where its key was used before. Whoever repeats a request is told what was stored with it, so there full mailboxes
 * cannot be seen to afterwards, and a key that nobody took anything under is free again before others look.
 */
export function sendUnit(draft: Draft, room: Room): SendUnit {
  const { toNodes, id, input } = draft;
  const stored = [countSend(draft, room), store(draft)];
  const delivery = deliver(draft, toNodes, room);
  if (input.idempotencyKey === null) {
    return { statements: [...stored, delivery], counted: 0, delivered: 2 };
  }
  const to = JSON.stringify(toNodes);
  const keep: Statement = { sql: KEEP_OUTCOME_SQL, args: [id, to] };
  const forget = forgetUntakenStatement(id);
  return {
    statements: [...stored, makeRoom(draft, to, room), delivery, keep, forget],
    counted: 0,
    delivered: 3,
  };
}

/** Once more, for those whose mailboxes seemed full, without what has expired there. */
export function redeliverStatements(draft: Draft, toNodes: readonly string[], room: Room): Statement[] {
  return [makeRoom(draft, JSON.stringify(toNodes), room), deliver(draft, toNodes, room)];
}
