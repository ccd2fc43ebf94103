import * as z from 'zod';

import { MESSAGE_ID_PATTERN } from '../ids.ts';
import { PRIORITIES } from '../messages/priorities.ts';
import { nodeFields } from './nodes-schemas.ts';
import { iso, rateLimitSchema } from './schemas.ts';

const MAX_TTL_SECONDS = 604_800;
const DEFAULT_TTL_SECONDS = 3_600;
const MAX_RECIPIENTS = 256;

/** One schema a field, whatever a transport calls it. */
export const messageFields = {
  /** An id that no node can have is an unknown recipient, and the others still get the message. */
  toNodes: z.array(z.string().min(1).max(128)).min(1).max(MAX_RECIPIENTS),
  type: z.string().regex(/^[\w.:/-]{1,128}$/, 'it should be a word of at most 128 characters'),
  content: z.unknown().refine((value) => value !== undefined, 'it should be there'),
  priority: z.enum(PRIORITIES).default('normal'),
  ttlSeconds: z.int().min(1).max(MAX_TTL_SECONDS).default(DEFAULT_TTL_SECONDS),
  metadata: nodeFields.metadata,
  idempotencyKey: z
    .string()
    .regex(/^[\u0021-\u007e]{1,255}$/, 'it should be 1 to 255 visible ASCII characters'),
  limit: z.int().min(1).max(500),
  waitSeconds: z.number().min(0).max(25),
  id: z.string().regex(MESSAGE_ID_PATTERN, 'it should be the id of a message'),
  /** Where a stream goes on. */
  eventId: z.string().regex(/^\d{1,15}$/, 'it should be the id of an event'),
} as const;

export const sendMessageSchema = z
  .strictObject({
    fromNode: nodeFields.id,
    toNodes: messageFields.toNodes,
    messageType: messageFields.type,
    content: messageFields.content,
    priority: messageFields.priority,
    ttlSeconds: messageFields.ttlSeconds,
    metadata: messageFields.metadata.optional(),
    idempotencyKey: messageFields.idempotencyKey.optional(),
  })
  .transform(({ metadata = {}, idempotencyKey = null, ...input }) => ({
    ...input,
    metadata,
    idempotencyKey,
  }));

export const receiptSchema = z.object({
  messageId: z.string(),
  accepted: z.array(z.string()),
  rejected: z.array(z.object({ nodeId: z.string(), reason: z.enum(['unknown_node', 'mailbox_full']) })),
  isReplayed: z.boolean(),
  rateLimit: rateLimitSchema.optional(),
});

export const listPendingSchema = z.strictObject({
  nodeId: nodeFields.id,
  limit: messageFields.limit.optional(),
  waitSeconds: messageFields.waitSeconds.optional(),
});

export const streamSchema = z.strictObject({
  nodeId: nodeFields.id,
  /** The client of tRPC fills it in when it comes back. */
  lastEventId: messageFields.eventId.nullish(),
});

export const pendingMessageSchema = z.object({
  id: z.string(),
  fromNode: z.string(),
  messageType: z.string(),
  content: z.unknown(),
  priority: z.enum(PRIORITIES),
  createdAt: iso,
  expiresAt: iso,
  metadata: z.record(z.string(), z.unknown()),
});

export const messageIdSchema = z.strictObject({ id: messageFields.id });
