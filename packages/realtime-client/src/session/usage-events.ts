import type { ServerEvent } from '@ephemera/realtime-protocol';

import type { UsageEvent } from '../broker/broker.ts';

/** What an event of the provider says about usage, for the broker; `null` for all others. */
export function toUsageEvent(event: ServerEvent, transcriptionModel: string | null): UsageEvent | null {
  if (event.type === 'response.done') {
    return { eventId: event.response.id, kind: 'response', usage: event.response.usage ?? null };
  }
  if (event.type !== 'conversation.item.input_audio_transcription.completed' || !event.usage) return null;
  return {
    eventId: `${event.item_id}:${event.content_index}`,
    kind: 'transcription',
    usage: event.usage,
    ...(transcriptionModel === null ? {} : { model: transcriptionModel }),
  };
}

/** Which model transcribes, as a session's snapshot says; no transcription names it. */
export function readTranscriptionModel(session: object): string | null {
  const model = ['audio', 'input', 'transcription', 'model'].reduce<unknown>(
    (value, name) => (typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined),
    session,
  );
  return typeof model === 'string' ? model : null;
}
