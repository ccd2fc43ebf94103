import { AppError, listPending, markRead, messageFields, nodeFields, sendMessage } from '@ephemera/api';
import * as z from 'zod';

import { answerJson, type EdgeContext } from '../../http/edge-context.ts';
import { rateLimitHeaders } from '../../http/rate-limit-headers.ts';
import { readJsonBody } from '../../http/read-body.ts';
import type { RouteDependencies } from '../route-dependencies.ts';
import { toMessageBody, toReceiptBody } from './message-views.ts';
import { contextOf, parseInput, readParam, readQuery } from './read-input.ts';

const BODY_RULES = { maxBytes: 262_144, contentTypes: ['application/json'] } as const;

/** Unknown members are ignored, as everywhere in this contract. */
export const sendSchema = z.object({
  from_node: nodeFields.id,
  to_nodes: messageFields.toNodes,
  message_type: messageFields.type,
  content: messageFields.content,
  priority: messageFields.priority,
  ttl: messageFields.ttlSeconds,
  metadata: messageFields.metadata.nullish(),
  idempotency_key: messageFields.idempotencyKey.nullish(),
});

export const pendingSchema = z.object({
  limit: z
    .string()
    .regex(/^\d{1,6}$/, 'it should be a whole number')
    .transform(Number)
    .pipe(messageFields.limit)
    .optional(),
  wait: z
    .string()
    .regex(/^\d{1,4}(\.\d{1,3})?$/, 'it should be a number of seconds')
    .transform(Number)
    .pipe(messageFields.waitSeconds)
    .optional(),
});

const headersSchema = z.object({ 'Idempotency-Key': messageFields.idempotencyKey });

/** In the body, or as a header, as with the other routes; two of them have to be the same. */
function readIdempotencyKey(c: EdgeContext, inBody: string | null): string | null {
  const header = c.req.header('idempotency-key');
  if (header === undefined) return inBody;
  const { 'Idempotency-Key': key } = parseInput(headersSchema, { 'Idempotency-Key': header });
  if (inBody === null || inBody === key) return key;
  throw new AppError('invalid_request', 'The header Idempotency-Key and idempotency_key are not the same.', {
    details: { param: 'idempotency_key' },
  });
}

/** `POST /api/v1/messages/send` */
export function createSendMessageRoute(deps: RouteDependencies) {
  return async (c: EdgeContext): Promise<Response> => {
    const ctx = await contextOf(c, deps);
    const body = parseInput(sendSchema, (await readJsonBody(c, BODY_RULES)) ?? {});
    const receipt = await sendMessage(ctx, {
      fromNode: body.from_node,
      toNodes: body.to_nodes,
      messageType: body.message_type,
      content: body.content,
      priority: body.priority,
      ttlSeconds: body.ttl,
      metadata: body.metadata ?? {},
      idempotencyKey: readIdempotencyKey(c, body.idempotency_key ?? null),
    });
    return answerJson(c, toReceiptBody(receipt), { headers: rateLimitHeaders(receipt.rateLimit) });
  };
}

/** `GET /api/v1/messages/pending/{node_id}` */
export function createPendingRoute(deps: RouteDependencies) {
  return async (c: EdgeContext): Promise<Response> => {
    const ctx = await contextOf(c, deps);
    const nodeId = readParam(c, 'node_id', nodeFields.id);
    const { limit, wait } = parseInput(pendingSchema, readQuery(c));
    const messages = await listPending(ctx, { nodeId, limit, waitSeconds: wait }, c.req.raw.signal);
    return answerJson(c, { messages: messages.map(toMessageBody) });
  };
}

/** `PUT /api/v1/messages/{id}/read`; a body is not looked at. */
export function createMarkReadRoute(deps: RouteDependencies) {
  return async (c: EdgeContext): Promise<Response> => {
    const ctx = await contextOf(c, deps);
    const id = messageFields.id.safeParse(c.req.param('id'));
    if (!id.success) throw new AppError('not_found', 'There is no such message.');
    const receipt = await markRead(ctx, { id: id.data });
    return answerJson(c, { id: receipt.id, read_at: receipt.readAt });
  };
}
