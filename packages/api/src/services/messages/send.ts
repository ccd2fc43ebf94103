import type { SqlRow, WriteResult } from '@ephemera/db';
import * as z from 'zod';

import { requireScope } from '../../auth/scopes.ts';
import type { ServiceContext } from '../../context.ts';
import type { RateLimitState } from '../../errors.ts';
import { AppError } from '../../errors.ts';
import type { MessagePriority } from '../../messages/priorities.ts';
import { hashRequest } from '../../messages/request-hash.ts';
import { MAX_MESSAGE_BYTES } from '../../messages/size.ts';
import { openRateWindow, RATE_WINDOW_SECONDS, requireRoom } from '../internal/rate-limit.ts';
import { requireNodeItself } from '../nodes/require-node.ts';
import type { Draft, Room } from './send-statements.ts';
import { forgetUntakenStatement, redeliverStatements, sendUnit } from './send-statements.ts';

export type SendMessageInput = {
  fromNode: string;
  toNodes: readonly string[];
  messageType: string;
  /** Any JSON. */
  content: unknown;
  priority: MessagePriority;
  ttlSeconds: number;
  metadata: Readonly<Record<string, unknown>>;
  /** Of this sender: the same one with the same request is the same message. */
  idempotencyKey: string | null;
};

/** No such node, or one that was revoked; or one that has not read what waits for it. */
export type RejectionReason = 'unknown_node' | 'mailbox_full';
export type Rejection = { nodeId: string; reason: RejectionReason };

export type SendReceipt = {
  messageId: string;
  accepted: string[];
  rejected: Rejection[];
  isReplayed: boolean;
  /** What the sender has left; not for a repeated request, which counts for nothing. */
  rateLimit?: RateLimitState;
};

type Outcome = Pick<SendReceipt, 'accepted' | 'rejected'>;

/** A recipient that listens has read some by then. */
const FULL_RETRY_SECONDS = 5;

const FIND_SQL =
  'select id, request_hash, outcome from messages where from_node = ?1 and idempotency_key = ?2';
const KNOWN_SQL =
  'select n.id from json_each(?1) r cross join nodes n on n.id = r.value where n.revoked_at is null';

const outcomeSchema = z.array(
  z.object({ nodeId: z.string(), state: z.enum(['accepted', 'unknown_node', 'mailbox_full']) }),
);

function byteLength(text: string): number {
  return new TextEncoder().encode(text).byteLength;
}

async function draftMessage(ctx: ServiceContext, input: SendMessageInput): Promise<Draft> {
  const content = JSON.stringify(input.content);
  const metadata = JSON.stringify(input.metadata);
  const sizeBytes = byteLength(content) + byteLength(metadata);
  if (sizeBytes > MAX_MESSAGE_BYTES) {
    throw new AppError('payload_too_large', `A message is larger than ${MAX_MESSAGE_BYTES} bytes.`);
  }
  const toNodes = [...new Set(input.toNodes)];
  const { messageType, priority, ttlSeconds, idempotencyKey } = input;
  const requestHash =
    idempotencyKey === null
      ? null
      : await hashRequest([toNodes, messageType, priority, ttlSeconds, content, metadata]);
  return {
    id: ctx.ids.messageId(),
    input,
    toNodes,
    content,
    metadata,
    sizeBytes,
    nowMs: ctx.clock.now(),
    requestHash,
  };
}

function readOutcome(stored: unknown): Outcome {
  const states = outcomeSchema.parse(JSON.parse(String(stored)));
  return {
    accepted: states.flatMap(({ nodeId, state }) => (state === 'accepted' ? [nodeId] : [])),
    rejected: states.flatMap(({ nodeId, state }) =>
      state === 'accepted' ? [] : [{ nodeId, reason: state }],
    ),
  };
}

function replay(row: SqlRow, { requestHash }: Draft): SendReceipt {
  if (row['request_hash'] !== requestHash) {
    throw new AppError(
      'idempotency_key_reused',
      'This idempotency_key was used for another message: use another one.',
      { details: { param: 'idempotency_key' } },
    );
  }
  return { messageId: String(row['id']), ...readOutcome(row['outcome']), isReplayed: true };
}

async function explainRejected(ctx: ServiceContext, rejected: readonly string[]): Promise<Rejection[]> {
  if (rejected.length === 0) return [];
  const rows = await ctx.database.read(KNOWN_SQL, [JSON.stringify(rejected)]);
  const known = new Set(rows.map((row) => String(row['id'])));
  return rejected.map((nodeId) => ({
    nodeId,
    reason: known.has(nodeId) ? ('mailbox_full' as const) : ('unknown_node' as const),
  }));
}

/** Of a delivery to these: a lone one is told by its count. */
function readTaken(toNodes: readonly string[], delivered: WriteResult | undefined): readonly string[] {
  if (toNodes.length === 1) return delivered?.rowsAffected === 1 ? toNodes : [];
  return delivered?.rows.map((row) => String(row['to_node'])) ?? [];
}

/** Those of the full mailboxes that are not full any more once what has expired is gone. */
async function redeliver(
  ctx: ServiceContext,
  { draft, room }: { draft: Draft; room: Room },
  rejected: readonly Rejection[],
): Promise<readonly string[]> {
  const full = rejected.flatMap(({ nodeId, reason }) => (reason === 'mailbox_full' ? [nodeId] : []));
  if (full.length === 0 || draft.input.idempotencyKey !== null) return [];
  const [, delivered] = await ctx.database.writeAll(redeliverStatements(draft, full, room));
  return readTaken(full, delivered);
}

async function tellOutcome(
  ctx: ServiceContext,
  sent: { draft: Draft; room: Room },
  delivered: WriteResult | undefined,
): Promise<Outcome> {
  const { toNodes, id, input } = sent.draft;
  const taken = new Set(readTaken(toNodes, delivered));
  const left = await explainRejected(
    ctx,
    toNodes.filter((nodeId) => !taken.has(nodeId)),
  );
  for (const nodeId of await redeliver(ctx, sent, left)) taken.add(nodeId);
  const isUntaken = taken.size === 0 && input.idempotencyKey === null;
  if (isUntaken) await ctx.database.write(forgetUntakenStatement(id));
  return {
    accepted: toNodes.filter((nodeId) => taken.has(nodeId)),
    rejected: left.filter(({ nodeId }) => !taken.has(nodeId)),
  };
}

/** Throws `mailbox_full` where that is all there is to tell. */
function requireAnyRoom({ accepted, rejected }: Outcome, rateLimit: RateLimitState): void {
  if (accepted.length > 0 || rejected.some(({ reason }) => reason !== 'mailbox_full')) return;
  throw new AppError('mailbox_full', 'The mailbox of every recipient is full: nothing was sent.', {
    details: { retryAfterSeconds: FULL_RETRY_SECONDS, rateLimit },
  });
}

/** Where nothing was stored: the message of before under this key, or no room. */
async function findSent(ctx: ServiceContext, draft: Draft): Promise<SendReceipt | null> {
  const { fromNode, idempotencyKey } = draft.input;
  if (idempotencyKey === null) return null;
  const [row] = await ctx.database.read(FIND_SQL, [fromNode, idempotencyKey]);
  return row === undefined ? null : replay(row, draft);
}

function toRateLimit({ window }: Room, count: number, nowMs: number): RateLimitState {
  const windowSeconds = RATE_WINDOW_SECONDS;
  return {
    policy: 'messages',
    limit: window.limit,
    remaining: window.limit - count,
    resetSeconds: Math.max(0, Math.ceil((window.startMs - nowMs) / 1_000) + windowSeconds),
    windowSeconds,
  };
}

/**
 * Puts a message into the mailbox of each recipient that is known and has room. Once this resolves it is stored: no
 * crash loses it. Throws `rate_limited` where the sender has sent too many, `mailbox_full` where no recipient has room,
 * `idempotency_key_reused`, `payload_too_large`.
 */
export async function sendMessage(ctx: ServiceContext, input: SendMessageInput): Promise<SendReceipt> {
  requireScope(ctx, 'messages:send');
  requireNodeItself(ctx, input.fromNode);
  const draft = await draftMessage(ctx, input);
  const { perMinute, mailboxMessages, mailboxBytes } = ctx.settings.messages;
  const subject = input.fromNode;
  const window = openRateWindow(ctx.clock, { scope: 'message_send', subject, limit: perMinute });
  const room = { window, mailboxMessages, mailboxBytes };
  const unit = sendUnit(draft, room);
  const results = await ctx.database.writeAll(unit.statements);
  const counted = results[unit.counted];
  if (counted?.rowsAffected !== 1) {
    const sent = await findSent(ctx, draft);
    if (sent !== null) return sent;
  }
  const count = requireRoom(ctx.clock, window, counted);
  const outcome = await tellOutcome(ctx, { draft, room }, results[unit.delivered]);
  ctx.mailboxes.ring(outcome.accepted);
  const rateLimit = toRateLimit(room, count, draft.nowMs);
  requireAnyRoom(outcome, rateLimit);
  return { messageId: draft.id, ...outcome, isReplayed: false, rateLimit };
}
