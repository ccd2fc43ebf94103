import type { RealtimeUsage } from '@ephemera/realtime-protocol';

/**
 * Sum over the responses of a call, in the shape of one `response.usage`; every response counts once. `null` fields do not
 * exist: what the provider did not report is absent.
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
