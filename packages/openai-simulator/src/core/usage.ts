import type { RealtimeResponseUsage } from './events.ts';

export type Tokens = { readonly text: number; readonly audio: number };

const NO_TOKENS: Tokens = { text: 0, audio: 0 };
const CHARACTERS_PER_TEXT_TOKEN = 4;
const USER_AUDIO_TOKEN_MS = 100;
const ASSISTANT_AUDIO_TOKEN_MS = 50;

export const countTextTokens = (text: string): number => Math.ceil(text.length / CHARACTERS_PER_TEXT_TOKEN);
export const countUserAudioTokens = (audioMs: number): number => Math.ceil(audioMs / USER_AUDIO_TOKEN_MS);
export const countAssistantAudioTokens = (audioMs: number): number =>
  Math.ceil(audioMs / ASSISTANT_AUDIO_TOKEN_MS);

export function sumTokens(parts: Iterable<Tokens>): Tokens {
  let total = NO_TOKENS;
  for (const part of parts) total = { text: total.text + part.text, audio: total.audio + part.audio };
  return total;
}

/** What the provider has in its cache is a prefix, so it can never exceed what is sent now. */
function capTokens(cached: Tokens, context: Tokens): Tokens {
  return { text: Math.min(cached.text, context.text), audio: Math.min(cached.audio, context.audio) };
}

/**
 * Usage of one response: the whole conversation is sent again each turn, and what an earlier response of the
 * session already read counts as cached, inside the input counts.
 */
export function computeResponseUsage(turn: {
  context: Tokens;
  cached: Tokens;
  output: Tokens;
}): RealtimeResponseUsage {
  const cached = capTokens(turn.cached, turn.context);
  const inputTokens = turn.context.text + turn.context.audio;
  const outputTokens = turn.output.text + turn.output.audio;
  return {
    total_tokens: inputTokens + outputTokens,
    input_tokens: inputTokens,
    output_tokens: outputTokens,
    input_token_details: {
      text_tokens: turn.context.text,
      audio_tokens: turn.context.audio,
      image_tokens: 0,
      cached_tokens: cached.text + cached.audio,
      cached_tokens_details: { text_tokens: cached.text, audio_tokens: cached.audio, image_tokens: 0 },
    },
    output_token_details: { text_tokens: turn.output.text, audio_tokens: turn.output.audio },
  };
}

export type TranscriptionUsage =
  | {
      type: 'tokens';
      input_tokens: number;
      output_tokens: number;
      total_tokens: number;
      input_token_details: { text_tokens: number; audio_tokens: number };
    }
  | { type: 'duration'; seconds: number };

/** Models of the whisper family are billed by the second, the others by the token. */
export function computeTranscriptionUsage(turn: {
  model: string;
  audioMs: number;
  transcript: string;
}): TranscriptionUsage {
  if (
    turn.model.includes('whisper') ||
    turn.model === 'gpt-transcribe' ||
    turn.model === 'gpt-live-transcribe'
  ) {
    return { type: 'duration', seconds: Math.round(turn.audioMs / 100) / 10 };
  }
  const audioTokens = countUserAudioTokens(turn.audioMs);
  const outputTokens = countTextTokens(turn.transcript);
  return {
    type: 'tokens',
    input_tokens: audioTokens,
    output_tokens: outputTokens,
    total_tokens: audioTokens + outputTokens,
    input_token_details: { text_tokens: 0, audio_tokens: audioTokens },
  };
}
