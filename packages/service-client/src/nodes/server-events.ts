import type { Bytes } from './encoding.ts';

/** One event of `text/event-stream`. */
export type ServerEvent = { id: string | null; event: string; data: string };

/** A line of more is no event of ours. */
const LONGEST_BUFFER = 2 * 1_048_576;

type Draft = { id: string | null; event: string; data: string[] };

function startDraft(): Draft {
  return { id: null, event: 'message', data: [] };
}

function readField(draft: Draft, line: string): void {
  const colon = line.indexOf(':');
  if (colon === 0) return;
  const name = colon === -1 ? line : line.slice(0, colon);
  const value = colon === -1 ? '' : line.slice(colon + 1).replace(/^ /, '');
  if (name === 'data') draft.data.push(value);
  if (name === 'event') draft.event = value;
  if (name === 'id' && !value.includes('\0')) draft.id = value;
}

/**
 * The events of a stream, as the HTML standard reads them. `limit` watches over each read, so that a silent stream ends.
 * Ends with the stream; throws what reading it throws.
 */
export async function* readServerEvents(
  body: ReadableStream<Bytes>,
  limit: <T>(read: Promise<T>) => Promise<T>,
): AsyncGenerator<ServerEvent> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let rest = '';
  let draft = startDraft();
  try {
    for (;;) {
      const { done, value } = await limit(reader.read());
      if (done) return;
      rest += decoder.decode(value, { stream: true });
      if (rest.length > LONGEST_BUFFER) throw new RangeError('An event of the stream is too long.');
      const lines = rest.split(/\r\n|\n|\r(?=[^\n])/);
      rest = lines.pop() ?? '';
      for (const line of lines) {
        if (line !== '') {
          readField(draft, line);
          continue;
        }
        const { data, ...head } = draft;
        draft = startDraft();
        if (data.length > 0) yield { ...head, data: data.join('\n') };
      }
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}
