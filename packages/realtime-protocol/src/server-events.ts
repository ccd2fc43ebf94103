import * as z from 'zod';

import { realtimeUsageSchema, transcriptionUsageSchema } from './usage.ts';

const event = <T extends string, S extends z.core.$ZodLooseShape>(type: T, shape: S) =>
  z.looseObject({ type: z.literal(type), event_id: z.string(), ...shape });

const ms = z.number().min(0);
const index = z.int().min(0);
const responsePart = {
  response_id: z.string(),
  item_id: z.string(),
  output_index: index,
  content_index: index,
};

const contentPartSchema = z.looseObject({
  type: z.string().optional(),
  text: z.string().optional(),
  transcript: z.string().nullable().optional(),
});

const itemSchema = z.looseObject({
  id: z.string(),
  type: z.string(),
  role: z.enum(['user', 'assistant', 'system']).optional(),
  status: z.string().optional(),
  content: z
    .array(
      z.looseObject({
        type: z.string(),
        text: z.string().optional(),
        transcript: z.string().nullable().optional(),
      }),
    )
    .optional(),
});

const sessionSnapshot = z.looseObject({ type: z.string(), id: z.string().optional() });

const responseSchema = z.looseObject({
  id: z.string(),
  status: z.string().optional(),
  status_details: z
    .looseObject({ type: z.string().optional(), reason: z.string().optional() })
    .nullable()
    .optional(),
  usage: realtimeUsageSchema.nullable().optional(),
});

/** The server events that a client or the broker acts on, in their GA shape. */
export const serverEventSchema = z.discriminatedUnion('type', [
  event('session.created', { session: sessionSnapshot }),
  event('session.updated', { session: sessionSnapshot }),
  event('input_audio_buffer.speech_started', { audio_start_ms: ms, item_id: z.string() }),
  event('input_audio_buffer.speech_stopped', { audio_end_ms: ms, item_id: z.string() }),
  event('input_audio_buffer.committed', { item_id: z.string() }),
  event('input_audio_buffer.cleared', {}),
  event('output_audio_buffer.started', { response_id: z.string() }),
  event('output_audio_buffer.stopped', { response_id: z.string() }),
  event('output_audio_buffer.cleared', { response_id: z.string() }),
  event('conversation.item.added', { item: itemSchema }),
  event('conversation.item.done', { item: itemSchema }),
  event('conversation.item.truncated', { item_id: z.string(), content_index: index, audio_end_ms: ms }),
  event('conversation.item.input_audio_transcription.delta', {
    item_id: z.string(),
    delta: z.string().optional(),
  }),
  event('conversation.item.input_audio_transcription.completed', {
    item_id: z.string(),
    content_index: index,
    transcript: z.string(),
    usage: transcriptionUsageSchema.optional(),
  }),
  event('conversation.item.input_audio_transcription.failed', {
    item_id: z.string(),
    content_index: index,
    error: z.looseObject({ message: z.string().optional(), code: z.string().nullable().optional() }),
  }),
  event('response.created', { response: responseSchema }),
  event('response.output_item.added', { response_id: z.string(), output_index: index, item: itemSchema }),
  event('response.output_item.done', { response_id: z.string(), output_index: index, item: itemSchema }),
  event('response.content_part.added', { ...responsePart, part: contentPartSchema }),
  event('response.content_part.done', { ...responsePart, part: contentPartSchema }),
  event('response.output_text.delta', { ...responsePart, delta: z.string() }),
  event('response.output_text.done', { ...responsePart, text: z.string() }),
  event('response.output_audio_transcript.delta', { ...responsePart, delta: z.string() }),
  event('response.output_audio_transcript.done', { ...responsePart, transcript: z.string() }),
  event('response.output_audio.delta', { ...responsePart, delta: z.string() }),
  event('response.output_audio.done', responsePart),
  event('response.function_call_arguments.done', {
    response_id: z.string(),
    item_id: z.string(),
    output_index: index,
    call_id: z.string(),
    name: z.string().optional(),
    arguments: z.string(),
  }),
  event('response.done', { response: responseSchema }),
  event('rate_limits.updated', {
    rate_limits: z.array(
      z.looseObject({
        name: z.string(),
        limit: z.number(),
        remaining: z.number(),
        reset_seconds: z.number(),
      }),
    ),
  }),
  event('error', {
    error: z.looseObject({
      type: z.string(),
      message: z.string(),
      code: z.string().nullable().optional(),
      param: z.string().nullable().optional(),
      event_id: z.string().nullable().optional(),
    }),
  }),
]);

export type ServerEvent = z.infer<typeof serverEventSchema>;
export type ServerEventOf<T extends ServerEvent['type']> = Extract<ServerEvent, { type: T }>;

/** An event whose type this package does not model, or a modelled one in a shape we do not know: kept, not lost. */
export type UnknownServerEvent = { readonly unknown: true; type: string; raw: Record<string, unknown> };

/** Names of the retired beta that some stacks still send, and what they are called today. */
const BETA_NAMES: Readonly<Record<string, ServerEvent['type']>> = {
  'response.audio.delta': 'response.output_audio.delta',
  'response.audio.done': 'response.output_audio.done',
  'response.audio_transcript.delta': 'response.output_audio_transcript.delta',
  'response.audio_transcript.done': 'response.output_audio_transcript.done',
  'response.text.delta': 'response.output_text.delta',
  'response.text.done': 'response.output_text.done',
};

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * Reads one message of the data channel or socket.
 * @returns the typed event, an {@link UnknownServerEvent}, or `null` where the text is no event at all.
 */
export function parseServerEvent(text: string): ServerEvent | UnknownServerEvent | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  if (!isRecord(value) || typeof value['type'] !== 'string') return null;
  const type = BETA_NAMES[value['type']] ?? value['type'];
  const parsed = serverEventSchema.safeParse({ ...value, type });
  return parsed.success ? parsed.data : { unknown: true, type, raw: value };
}
