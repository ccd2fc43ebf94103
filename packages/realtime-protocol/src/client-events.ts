import * as z from 'zod';

import { sessionSchema } from './session.ts';

const eventId = { event_id: z.string().max(512).optional() };

const contentPartSchema = z.looseObject({
  type: z.enum(['input_text', 'input_audio', 'input_image', 'output_text', 'output_audio', 'text', 'audio']),
  text: z.string().optional(),
  audio: z.string().optional(),
  transcript: z.string().nullable().optional(),
});

const newItemSchema = z.looseObject({
  id: z.string().max(128).optional(),
  type: z.enum(['message', 'function_call', 'function_call_output']),
  role: z.enum(['user', 'assistant', 'system']).optional(),
  content: z.array(contentPartSchema).optional(),
  call_id: z.string().optional(),
  name: z.string().optional(),
  arguments: z.string().optional(),
  output: z.string().optional(),
});

/** What a client may send over the data channel or the socket. */
export const clientEventSchema = z.discriminatedUnion('type', [
  z.looseObject({ type: z.literal('session.update'), session: sessionSchema, ...eventId }),
  z.looseObject({ type: z.literal('input_audio_buffer.append'), audio: z.string(), ...eventId }),
  z.looseObject({ type: z.literal('input_audio_buffer.commit'), ...eventId }),
  z.looseObject({ type: z.literal('input_audio_buffer.clear'), ...eventId }),
  z.looseObject({ type: z.literal('output_audio_buffer.clear'), ...eventId }),
  z.looseObject({
    type: z.literal('conversation.item.create'),
    item: newItemSchema,
    previous_item_id: z.string().nullable().optional(),
    ...eventId,
  }),
  z.looseObject({ type: z.literal('conversation.item.retrieve'), item_id: z.string(), ...eventId }),
  z.looseObject({
    type: z.literal('conversation.item.truncate'),
    item_id: z.string(),
    content_index: z.int().min(0),
    audio_end_ms: z.int().min(0),
    ...eventId,
  }),
  z.looseObject({ type: z.literal('conversation.item.delete'), item_id: z.string(), ...eventId }),
  z.looseObject({
    type: z.literal('response.create'),
    response: z.record(z.string(), z.unknown()).optional(),
    ...eventId,
  }),
  z.looseObject({ type: z.literal('response.cancel'), response_id: z.string().optional(), ...eventId }),
]);

export type ClientEvent = z.infer<typeof clientEventSchema>;
