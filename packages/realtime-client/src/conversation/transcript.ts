import { applyAction } from '../action-table.ts';
import type { ActionTable } from '../action-table.ts';
import type { ServerEvent, ServerEventOf } from '@ephemera/realtime-protocol';

/** One message of the conversation. */
export type TranscriptItem = {
  /** The provider's item id. */
  id: string;
  role: 'user' | 'assistant' | 'system';
  /** What is known so far; grows while `status` is `partial`. Stays empty where input is not transcribed. */
  text: string;
  /** `failed`: the words could not be transcribed; the message itself was heard. */
  status: 'partial' | 'final' | 'interrupted' | 'failed';
  /** Milliseconds of the answer that were played before it was interrupted. */
  playedMs: number | null;
};

/** An item with what only the reducer needs. */
type Entry = TranscriptItem & {
  /** Text by content index. */
  parts: readonly string[];
  responseId: string | null;
  /** The provider calls the item complete; a spoken one may still wait for its words. */
  isDone: boolean;
};

export type Transcript = { readonly entries: readonly Entry[]; readonly isInputTranscribed: boolean };

export const EMPTY_TRANSCRIPT: Transcript = { entries: [], isInputTranscribed: true };

type WireItem = ServerEventOf<'conversation.item.added'>['item'];

/** Finished messages of the person and of the assistant. */
export function countMessages({ entries }: Transcript): number {
  return entries.filter(({ role, isDone, status }) => role !== 'system' && (isDone || status !== 'partial'))
    .length;
}

export function listItems({ entries }: Transcript): readonly TranscriptItem[] {
  return entries.map(({ id, role, text, status, playedMs }) => ({ id, role, text, status, playedMs }));
}

const TRANSCRIPT_EVENTS: ActionTable<Transcript, ServerEvent> = {
  'session.created': readSession,
  'session.updated': readSession,
  'conversation.item.added': (transcript, event) =>
    addItem(transcript, event.item, { previousId: event['previous_item_id'] }),
  'response.output_item.added': (transcript, event) =>
    addItem(transcript, event.item, { responseId: event.response_id }),
  'conversation.item.done': (transcript, { item }) => finishItem(transcript, item),
  'response.output_item.done': (transcript, { item }) => finishItem(transcript, item),
  'response.output_text.delta': (transcript, event) =>
    patchAnswer(transcript, event, (part) => part + event.delta),
  'response.output_audio_transcript.delta': (transcript, event) =>
    patchAnswer(transcript, event, (part) => part + event.delta),
  'response.output_text.done': (transcript, event) => patchAnswer(transcript, event, () => event.text),
  'response.output_audio_transcript.done': (transcript, event) =>
    patchAnswer(transcript, event, () => event.transcript),
  'conversation.item.input_audio_transcription.delta': (transcript, { item_id, delta }) =>
    patch(transcript, item_id, (entry) => setPart(entry, 0, entry.text + (delta ?? ''))),
  'conversation.item.input_audio_transcription.completed': (transcript, event) =>
    patch(transcript, event.item_id, (entry) => ({
      ...setPart(entry, event.content_index, event.transcript),
      status: 'final',
    })),
  'conversation.item.input_audio_transcription.failed': (transcript, { item_id }) =>
    patch(transcript, item_id, (entry) => ({ ...entry, status: 'failed' })),
  'conversation.item.truncated': (transcript, { item_id, audio_end_ms }) =>
    patch(transcript, item_id, (entry) => ({ ...entry, status: 'interrupted', playedMs: audio_end_ms })),
  'output_audio_buffer.cleared': (transcript, { response_id }) =>
    patchResponse(transcript, response_id, (entry) => ({ ...entry, status: 'interrupted' })),
  'response.done': finishResponse,
};

/** Folds one server event into the conversation; returns the same object when the event does not concern it. */
export function reduceTranscript(transcript: Transcript, event: ServerEvent): Transcript {
  return applyAction(TRANSCRIPT_EVENTS, transcript, event);
}

function readSession(
  transcript: Transcript,
  { session }: ServerEventOf<'session.created' | 'session.updated'>,
): Transcript {
  return { ...transcript, isInputTranscribed: isInputTranscribed(session) };
}

function finishResponse(transcript: Transcript, { response }: ServerEventOf<'response.done'>): Transcript {
  if (response.status === 'completed') return transcript;
  const status = response.status === 'failed' ? 'failed' : 'interrupted';
  return patchResponse(transcript, response.id, (entry) =>
    entry.status === 'partial' ? { ...entry, status } : entry,
  );
}

function isInputTranscribed(session: ServerEventOf<'session.created'>['session']): boolean {
  const { audio } = session;
  if (typeof audio !== 'object' || audio === null || !('input' in audio)) return false;
  const { input } = audio;
  return (
    typeof input === 'object' && input !== null && 'transcription' in input && Boolean(input.transcription)
  );
}

type Placement = { previousId?: unknown; responseId?: string };

/** Words of what a person said come after the answer has begun, so the place is decided here and not by the words. */
function addItem(transcript: Transcript, item: WireItem, { previousId, responseId }: Placement): Transcript {
  if (item.type !== 'message') return transcript;
  const known = transcript.entries.some(({ id }) => id === item.id);
  if (known) {
    return responseId === undefined
      ? transcript
      : patch(transcript, item.id, (entry) => ({ ...entry, responseId }));
  }
  const entry = createEntry(item.id, item.role ?? 'assistant');
  const parts = item.content?.map(textOfPart) ?? [];
  const filled: Entry = { ...entry, parts, text: parts.join(''), responseId: responseId ?? null };
  const at = transcript.entries.findIndex(({ id }) => id === previousId);
  const before = at < 0 ? transcript.entries : transcript.entries.slice(0, at + 1);
  return { ...transcript, entries: [...before, filled, ...transcript.entries.slice(before.length)] };
}

function finishItem(transcript: Transcript, item: WireItem): Transcript {
  if (item.type !== 'message') return transcript;
  const isSpokenInput = item.content?.some(({ type }) => type === 'input_audio') ?? false;
  const awaitsWords = isSpokenInput && transcript.isInputTranscribed;
  return patch(addItem(transcript, item, {}), item.id, (entry) => {
    const parts = item.content?.map(textOfPart) ?? [];
    const text = parts.join('');
    const finished: Entry =
      text === '' ? { ...entry, isDone: true } : { ...entry, isDone: true, parts, text };
    if (entry.status !== 'partial' || awaitsWords) return finished;
    return { ...finished, status: item.status === 'incomplete' ? 'interrupted' : 'final' };
  });
}

function textOfPart({
  text,
  transcript,
}: {
  text?: string | undefined;
  transcript?: string | null | undefined;
}): string {
  return text ?? transcript ?? '';
}

function createEntry(id: string, role: TranscriptItem['role']): Entry {
  return {
    id,
    role,
    text: '',
    status: 'partial',
    playedMs: null,
    parts: [],
    responseId: null,
    isDone: false,
  };
}

function setPart(entry: Entry, index: number, part: string): Entry {
  const length = Math.max(entry.parts.length, index + 1);
  const parts = Array.from({ length }, (_, at) => (at === index ? part : (entry.parts[at] ?? '')));
  return { ...entry, parts, text: parts.join('') };
}

function patch(transcript: Transcript, id: string, change: (entry: Entry) => Entry): Transcript {
  return patchWhere(transcript, (entry) => entry.id === id, change);
}

function patchResponse(
  transcript: Transcript,
  responseId: string,
  change: (entry: Entry) => Entry,
): Transcript {
  return patchWhere(transcript, (entry) => entry.responseId === responseId, change);
}

function patchWhere(
  transcript: Transcript,
  isMeant: (entry: Entry) => boolean,
  change: (entry: Entry) => Entry,
): Transcript {
  if (!transcript.entries.some(isMeant)) return transcript;
  return {
    ...transcript,
    entries: transcript.entries.map((entry) => (isMeant(entry) ? change(entry) : entry)),
  };
}

type AnswerPart = { item_id: string; response_id: string; content_index: number };

function patchAnswer(transcript: Transcript, part: AnswerPart, change: (text: string) => string): Transcript {
  const item: WireItem = { id: part.item_id, type: 'message', role: 'assistant' };
  return patch(addItem(transcript, item, { responseId: part.response_id }), part.item_id, (entry) =>
    setPart(entry, part.content_index, change(entry.parts[part.content_index] ?? '')),
  );
}
