import { tracked } from '@trpc/server';
import * as z from 'zod';

import { listPending } from '../services/messages/list-pending.ts';
import { markRead } from '../services/messages/mark-read.ts';
import { sendMessage } from '../services/messages/send.ts';
import { streamMessages } from '../services/messages/stream.ts';
import { procedure, router } from '../trpc.ts';
import {
  listPendingSchema,
  messageIdSchema,
  pendingMessageSchema,
  receiptSchema,
  sendMessageSchema,
  streamSchema,
} from './messages-schemas.ts';
import { iso } from './schemas.ts';

/** What nobody can abort. */
const NEVER = new AbortController().signal;

export const messagesRouter = router({
  send: procedure('messages:send')
    .input(sendMessageSchema)
    .output(receiptSchema)
    .mutation(({ ctx, input }) => sendMessage(ctx, input)),
  listPending: procedure('messages:read-own')
    .input(listPendingSchema)
    .output(z.object({ items: z.array(pendingMessageSchema) }))
    .query(async ({ ctx, input, signal = NEVER }) => ({ items: await listPending(ctx, input, signal) })),
  stream: procedure('messages:read-own')
    .input(streamSchema)
    .subscription(async function* ({ ctx, input: { nodeId, lastEventId }, signal = NEVER }) {
      const afterEventId = Number(lastEventId ?? 0);
      for await (const event of streamMessages(ctx, { nodeId, afterEventId }, signal)) {
        if (event.kind === 'message') yield tracked(String(event.eventId), event.message);
      }
    }),
  markRead: procedure('messages:read-own')
    .input(messageIdSchema)
    .output(z.object({ id: z.string(), readAt: iso.nullable() }))
    .mutation(({ ctx, input }) => markRead(ctx, input)),
});
