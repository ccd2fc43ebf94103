import type { RealtimeUsage, ServerEvent, TranscriptionUsage } from '@ephemera/realtime-protocol';

/**
 * Sum over the responses of a call, in the shape of one `response.usage`; every response counts once. What the provider
 * did not report is absent rather than zero.
 */
export type SessionUsage = RealtimeUsage & {
  /** Responses that reported their usage. */
  responses: number;
  /** Responses that ended without any: their cost is unknown, not zero. */
  responses_without_usage: number;
  /** Billed apart from the responses. */
  input_transcription?: {
    total_tokens?: number;
    input_tokens?: number;
    output_tokens?: number;
    seconds?: number;
  };
};

export type UsageTally = { readonly counted: ReadonlySet<string>; readonly usage: SessionUsage | null };

export const NO_USAGE: UsageTally = { counted: new Set(), usage: null };

const NOTHING: SessionUsage = { responses: 0, responses_without_usage: 0 };

export function reduceUsage(tally: UsageTally, event: ServerEvent): UsageTally {
  if (event.type === 'response.done') {
    return count(tally, `response:${event.response.id}`, (sum) => addResponse(sum, event.response.usage));
  }
  if (event.type !== 'conversation.item.input_audio_transcription.completed' || !event.usage) return tally;
  const { usage, item_id, content_index } = event;
  return count(tally, `transcription:${item_id}:${content_index}`, (sum) => addTranscription(sum, usage));
}

function count(tally: UsageTally, key: string, add: (sum: SessionUsage) => SessionUsage): UsageTally {
  if (tally.counted.has(key)) return tally;
  return { counted: new Set(tally.counted).add(key), usage: add(tally.usage ?? NOTHING) };
}

function addResponse(sum: SessionUsage, usage: RealtimeUsage | null | undefined): SessionUsage {
  if (!usage) return { ...sum, responses_without_usage: sum.responses_without_usage + 1 };
  return { ...sum, ...addCounts(sum, usage), responses: sum.responses + 1 };
}

function addTranscription(sum: SessionUsage, { type: _type, ...usage }: TranscriptionUsage): SessionUsage {
  return {
    ...sum,
    input_transcription: { ...sum.input_transcription, ...addCounts(sum.input_transcription ?? {}, usage) },
  };
}

type Counts = { [name: string]: unknown };

/** Adds every number of `more`, at any depth, so that token kinds of a later API version are summed as well. */
function addCounts(sum: Counts, more: Counts): Counts {
  const added: Counts = {};
  for (const [name, value] of Object.entries(more)) {
    const before = sum[name];
    if (typeof value === 'number') added[name] = (typeof before === 'number' ? before : 0) + value;
    else if (isCounts(value))
      added[name] = {
        ...(isCounts(before) ? before : {}),
        ...addCounts(isCounts(before) ? before : {}, value),
      };
  }
  return added;
}

function isCounts(value: unknown): value is Counts {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
