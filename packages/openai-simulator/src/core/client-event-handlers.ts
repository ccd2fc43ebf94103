import type { ClientEvent } from '@ephemera/realtime-protocol';
import * as z from 'zod';

import { weighItem } from './conversation.ts';
import type { ConversationItem } from './events.ts';
import type { RealtimeSession, ResponseOverrides } from './session.ts';
import { describeRefusal, type Refusal } from './validation.ts';

type Handlers = {
  [Type in ClientEvent['type']]: (
    session: RealtimeSession,
    event: Extract<ClientEvent, { type: Type }>,
  ) => Refusal | null;
};

const MINIMUM_COMMIT_MS = 100;

const refuse = (message: string, param: string | null, code: string): Refusal => ({ message, param, code });

const unknownItem = (verb: string, id: string): Refusal =>
  refuse(`Error ${verb} item: the item with id '${id}' does not exist.`, 'item_id', 'item_not_found');

const overridesSchema = z.looseObject({
  output_modalities: z
    .array(z.enum(['text', 'audio']))
    .length(1)
    .optional(),
  instructions: z.string().optional(),
  max_output_tokens: z.union([z.int().min(1).max(4_096), z.literal('inf')]).optional(),
  metadata: z.record(z.string(), z.string()).nullable().optional(),
  conversation: z.string().optional(),
});

function readOverrides(response: z.infer<typeof overridesSchema>): ResponseOverrides {
  const modality = response.output_modalities?.[0];
  return {
    ...(modality === undefined ? {} : { modality }),
    ...(response.instructions === undefined ? {} : { instructions: response.instructions }),
    ...(response.max_output_tokens === undefined ? {} : { maxOutputTokens: response.max_output_tokens }),
    ...(response.metadata ? { metadata: response.metadata } : {}),
    isOutOfBand: response.conversation === 'none',
  };
}

type NewItem = Extract<ClientEvent, { type: 'conversation.item.create' }>['item'];

/** Makes the client's item complete, or says what it lacks. */
function readItem(item: NewItem, id: string): (ConversationItem & { id: string }) | Refusal {
  const base = { id, object: 'realtime.item', status: 'completed' } as const;
  if (item.type === 'function_call_output') {
    const { call_id, output } = item;
    if (call_id === undefined) return missing('item.call_id');
    return output === undefined ? missing('item.output') : { ...base, type: item.type, call_id, output };
  }
  if (item.type === 'function_call') {
    const { name, arguments: args, call_id } = item;
    if (name === undefined) return missing('item.name');
    return { ...base, type: item.type, name, arguments: args ?? '{}', call_id: call_id ?? id };
  }
  if (item.role === undefined) return missing('item.role');
  const { role, content = [] } = item;
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- which parts a role may hold is left to the client
  return { ...base, type: item.type, role, content } as unknown as ConversationItem & { id: string };
}

const missing = (param: string): Refusal =>
  refuse(`Missing required parameter: '${param}'.`, param, 'missing_required_parameter');

const handlers: Handlers = {
  'session.update': (session, event) => session.update(event.session),

  'input_audio_buffer.append': (session, event) => {
    session.hearWire(event.audio);
    return null;
  },

  'input_audio_buffer.commit': (session) => {
    const heard = session.input.take();
    if (heard.audioMs < MINIMUM_COMMIT_MS) {
      const message = `Error committing input audio buffer: buffer too small. Expected at least ${MINIMUM_COMMIT_MS}ms of audio, but buffer only has ${heard.audioMs.toFixed(2)}ms of audio.`;
      return refuse(message, null, 'input_audio_buffer_commit_empty');
    }
    session.commit(session.takeTurnId(), heard);
    return null;
  },

  'input_audio_buffer.clear': (session) => {
    session.input.clear();
    session.emit({ type: 'input_audio_buffer.cleared' });
    return null;
  },

  'output_audio_buffer.clear': (session) => {
    session.cancelResponse('client_cancelled');
    return null;
  },

  'conversation.item.create': (session, event) => {
    const item = readItem(event.item, event.item.id ?? session.createId('item_'));
    if ('message' in item) return item;
    const isPlaced = session.addItem({ item, ...weighItem(item) }, event.previous_item_id ?? null);
    return isPlaced ? null : unknownItem('creating', event.previous_item_id ?? '');
  },

  'conversation.item.retrieve': (session, event) => {
    const entry = session.conversation.find(event.item_id);
    if (entry === null) return unknownItem('retrieving', event.item_id);
    session.emit({ type: 'conversation.item.retrieved', item: entry.item });
    return null;
  },

  'conversation.item.truncate': (session, event) => {
    const { item_id, content_index, audio_end_ms } = event;
    const entry = session.conversation.find(item_id);
    if (entry === null) return unknownItem('truncating', item_id);
    if (entry.item.type !== 'message' || entry.item.role !== 'assistant') {
      return refuse('Only messages of the assistant can be truncated.', 'item_id', 'invalid_value');
    }
    session.truncate(entry, audio_end_ms);
    session.emit({ type: 'conversation.item.truncated', item_id, content_index, audio_end_ms });
    return null;
  },

  'conversation.item.delete': (session, event) => {
    if (!session.conversation.remove(event.item_id)) return unknownItem('deleting', event.item_id);
    session.emit({ type: 'conversation.item.deleted', item_id: event.item_id });
    return null;
  },

  'response.create': (session, event) => {
    if (session.config.type !== 'realtime') {
      return refuse('A transcription session creates no responses.', 'type', 'invalid_value');
    }
    const active = session.activeResponseId;
    if (active !== null) {
      const message = `Conversation already has an active response in progress: ${active}. Wait until the response is finished before creating a new one.`;
      return refuse(message, null, 'conversation_already_has_active_response');
    }
    const parsed = overridesSchema.safeParse(event.response ?? {});
    if (!parsed.success) {
      const refusal = describeRefusal(parsed.error, event.response);
      return { ...refusal, param: refusal.param === null ? null : `response.${refusal.param}` };
    }
    session.respond(readOverrides(parsed.data));
    return null;
  },

  'response.cancel': (session) => {
    if (session.cancelResponse('client_cancelled')) return null;
    return refuse('Cancellation failed: no active response found', null, 'response_cancel_not_active');
  },
};

/** Does what a client's event asks for; gives the refusal where it cannot be done. */
export function handleClientEvent(session: RealtimeSession, event: ClientEvent): Refusal | null {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- each handler takes the member that its key names
  const handle = handlers[event.type] as (session: RealtimeSession, event: ClientEvent) => Refusal | null;
  return handle(session, event);
}
