import * as z from 'zod';

import { pendingSchema, sendSchema } from '../../routes/nodes/messages.ts';
import type { Operations } from '../operation.ts';

const time = z.iso.datetime();

const messageSchema = z.strictObject({
  id: z.string(),
  from_node: z.string(),
  message_type: z.string(),
  content: z.unknown(),
  priority: z.enum(['low', 'normal', 'high', 'critical']),
  created_at: time,
  expires_at: time,
  metadata: z.record(z.string(), z.unknown()),
});

export const MESSAGE_OPERATIONS: Operations = {
  'POST /api/v1/messages/send': {
    id: 'sendMessage',
    tag: 'Messages',
    summary: 'Send a message to nodes',
    description:
      'What is answered here is stored: it is delivered at least once to each recipient, until that one marks it as read or it expires. Up to 256 KiB.',
    headers: [
      { name: 'Idempotency-Key', description: 'Instead of `idempotency_key` in the body, or the same.' },
    ],
    body: {
      name: 'OutgoingMessage',
      schema: sendSchema,
      example: {
        from_node: 'voice-worker-1',
        to_nodes: ['voice-worker-2'],
        message_type: 'command',
        content: { do: 'report' },
        priority: 'high',
        ttl: 600,
        idempotency_key: 'command-1',
      },
    },
    answers: {
      200: {
        description: 'Who gets it, and who does not; where every mailbox is full, it is an error.',
        body: {
          name: 'MessageReceipt',
          schema: z.strictObject({
            message_id: z.string(),
            accepted: z.array(z.string()),
            rejected: z.array(
              z.strictObject({ node_id: z.string(), reason: z.enum(['unknown_node', 'mailbox_full']) }),
            ),
          }),
        },
        headers: ['ratelimit', 'ratelimit-policy'],
      },
    },
    errors: ['rate_limited', 'idempotency_key_reused', 'mailbox_full', 'unavailable'],
    fields: {
      from_node: 'The sender itself.',
      ttl: 'Seconds, up to a week.',
      idempotency_key:
        'A repeated send with the same one is answered as the first that anybody accepted, and sent once.',
    },
  },
  'GET /api/v1/messages/pending/{node_id}': {
    id: 'listPendingMessages',
    tag: 'Messages',
    summary: 'What waits for a node',
    description: 'The highest priority first, then the oldest. For the node itself alone.',
    path: { node_id: 'The node that asks.' },
    query: pendingSchema,
    answers: {
      200: {
        description: 'Possibly nothing.',
        body: { name: 'PendingMessages', schema: z.strictObject({ messages: z.array(messageSchema) }) },
      },
    },
    errors: ['rate_limited', 'unavailable'],
    fields: { wait: 'Seconds to wait for something to come, up to 25.' },
  },
  'GET /api/v1/messages/stream/{node_id}': {
    id: 'streamMessages',
    tag: 'Messages',
    summary: 'Messages as they come, as server-sent events',
    description:
      'Each event `message` carries one as `listPendingMessages` gives it; its id is where to go on. The next stream goes on after the event that `Last-Event-ID` names; without it, whatever is not marked as read comes again. The server ends a stream after some minutes.',
    path: { node_id: 'The node that asks.' },
    headers: [{ name: 'Last-Event-ID', description: 'The id of the last event that was seen.' }],
    answers: {
      200: {
        description: 'Open until one of both ends it, with a comment now and then.',
        body: {
          text: 'id: 7\nevent: message\ndata: {"id":"msg_…","from_node":"voice-worker-2","message_type":"note"}\n\n',
        },
        contentTypes: ['text/event-stream'],
      },
    },
    errors: ['invalid_request', 'rate_limited', 'unavailable'],
  },
  'PUT /api/v1/messages/{id}/read': {
    id: 'markMessageRead',
    tag: 'Messages',
    summary: 'Mark a message as read',
    description:
      'For its recipient alone; a second time changes nothing. `read_at` is null where it had expired before.',
    path: { id: 'The id of the message.' },
    answers: {
      200: {
        description: 'It will not come again.',
        body: { name: 'ReadReceipt', schema: z.strictObject({ id: z.string(), read_at: time.nullable() }) },
      },
    },
  },
};
