import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { serverEventSchema } from '@ephemera/realtime-protocol';
import * as z from 'zod';

/** Types that our own protocol package leaves out because no client of ours acts on them. */
const UNMODELLED = new Set([
  'conversation.item.retrieved',
  'conversation.item.deleted',
  'response.content_part.added',
  'response.content_part.done',
  'response.function_call_arguments.delta',
]);

type Schema = { safeParse(value: unknown): { success: boolean; error?: unknown } };

const eventsModule = z.object({ realtimeServerEventSchema: z.custom<Schema>() });
const itemsModule = z.object({ realtimeMessageItemSchema: z.custom<Schema>() });

const messageEvent = z.looseObject({
  type: z.enum(['conversation.item.added', 'conversation.item.done', 'conversation.item.retrieved']),
  item: z.looseObject({ id: z.string(), type: z.literal('message') }),
});

/** The schemas by which the agents SDK reads events and items. The package does not export them by name. */
async function loadAgentSchemas(): Promise<{ event: Schema; message: Schema }> {
  const folder = dirname(createRequire(import.meta.url).resolve('@openai/agents-realtime'));
  const load = (file: string): Promise<unknown> => import(pathToFileURL(join(folder, file)).href);
  const events = eventsModule.parse(await load('openaiRealtimeEvents.mjs'));
  const items = itemsModule.parse(await load('items.mjs'));
  return { event: events.realtimeServerEventSchema, message: items.realtimeMessageItemSchema };
}

/** Every way in which an event breaks what a client expects of it; empty when all is well. */
export async function findBreaches(events: readonly unknown[]): Promise<string[]> {
  const agents = await loadAgentSchemas();
  const breaches: string[] = [];
  for (const event of events) {
    const { type } = z.looseObject({ type: z.string() }).parse(event);
    const own = serverEventSchema.safeParse(event);
    if (!own.success && !UNMODELLED.has(type)) breaches.push(`${type}: protocol: ${own.error.message}`);
    const theirs = agents.event.safeParse(event);
    if (!theirs.success) breaches.push(`${type}: agents SDK: ${String(theirs.error)}`);
    const message = messageEvent.safeParse(event);
    if (!message.success) continue;
    const item = agents.message.safeParse({ ...message.data.item, itemId: message.data.item.id });
    if (!item.success) breaches.push(`${type}: agents SDK item: ${String(item.error)}`);
  }
  return breaches;
}
