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

const schemasModule = z.object({ realtimeServerEventSchema: z.custom<Schema>() });

/** The schemas by which the agents SDK decides whether it knows an event. The package does not export them by name. */
async function loadAgentSchema(): Promise<Schema> {
  const entry = createRequire(import.meta.url).resolve('@openai/agents-realtime');
  const url = pathToFileURL(join(dirname(entry), 'openaiRealtimeEvents.mjs')).href;
  return schemasModule.parse(await import(url)).realtimeServerEventSchema;
}

/** Every way in which an event breaks what a client expects of it; empty when all is well. */
export async function findBreaches(events: readonly unknown[]): Promise<string[]> {
  const agents = await loadAgentSchema();
  const breaches: string[] = [];
  for (const event of events) {
    const { type } = z.looseObject({ type: z.string() }).parse(event);
    const own = serverEventSchema.safeParse(event);
    if (!own.success && !UNMODELLED.has(type)) breaches.push(`${type}: protocol: ${own.error.message}`);
    const theirs = agents.safeParse(event);
    if (!theirs.success) breaches.push(`${type}: agents SDK: ${String(theirs.error)}`);
  }
  return breaches;
}
