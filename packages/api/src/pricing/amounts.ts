import type { RealtimeUsage, TranscriptionUsage } from '@ephemera/realtime-protocol';

/** What one event is billed for. Cached tokens are part of the input; reasoning tokens are part of the text output. */
export type UsageAmounts = {
  textInput: number;
  textCachedInput: number;
  textOutput: number;
  audioInput: number;
  audioCachedInput: number;
  audioOutput: number;
  imageInput: number;
  imageCachedInput: number;
  /** Of audio, where the provider counts time instead of tokens. */
  seconds: number;
};

export const NO_AMOUNTS: Readonly<UsageAmounts> = {
  textInput: 0,
  textCachedInput: 0,
  textOutput: 0,
  audioInput: 0,
  audioCachedInput: 0,
  audioOutput: 0,
  imageInput: 0,
  imageCachedInput: 0,
  seconds: 0,
};

export type ProviderUsage = RealtimeUsage | TranscriptionUsage;

/** `isComplete`: every token has a modality. Without that no price can be told, since they differ eightfold. */
export type ReadUsage = { amounts: UsageAmounts; isComplete: boolean };

export type Split = { text: number; audio: number; image: number };

export const NO_SPLIT: Readonly<Split> = { text: 0, audio: 0, image: 0 };

type TokenDetails = {
  text_tokens?: number | undefined;
  audio_tokens?: number | undefined;
  image_tokens?: number | undefined;
};

export function toSplit(details: TokenDetails | undefined): Split {
  return {
    text: details?.text_tokens ?? 0,
    audio: details?.audio_tokens ?? 0,
    image: details?.image_tokens ?? 0,
  };
}

export function sumOf({ text, audio, image }: Split): number {
  return text + audio + image;
}

export function hasNumbers({
  text_tokens: text,
  audio_tokens: audio,
  image_tokens: image,
}: TokenDetails = {}): boolean {
  return text !== undefined || audio !== undefined || image !== undefined;
}

/** Whether the whole is as much as its parts: one that is more counts something that nobody told. */
function isSumOf(total: number | undefined, input: number, output: number): boolean {
  return total === undefined || total === input + output;
}

/** Parts that are more than their whole say nothing: only one of them can be counted, and the provider bills wholes. */
export function splitOf(total: number | undefined, details: TokenDetails | undefined): Split {
  const split = toSplit(details);
  return total !== undefined && sumOf(split) > total ? NO_SPLIT : split;
}

/** The same of both directions. */
export function splitsOf(usage: RealtimeUsage): { input: Split; output: Split } {
  const input = splitOf(usage.input_tokens, usage.input_token_details);
  const output = splitOf(usage.output_tokens, usage.output_token_details);
  const parts = (usage.input_tokens ?? sumOf(input)) + (usage.output_tokens ?? sumOf(output));
  const isMore = usage.total_tokens !== undefined && parts > usage.total_tokens;
  return isMore ? { input: NO_SPLIT, output: NO_SPLIT } : { input, output };
}

/** The details, if they account for the whole; a usage that says nothing at all accounts for nothing. */
function accountsFor(total: number | undefined, details: TokenDetails | undefined): boolean {
  if (total === undefined) return details !== undefined;
  return total === sumOf(toSplit(details));
}

/** Cached tokens without details can only be told apart where the input has one kind of tokens. */
function readCached(
  cached: number | undefined,
  details: TokenDetails | undefined,
  input: Split,
): Split | null {
  const split = toSplit(details);
  if (cached === undefined || cached === sumOf(split)) return split;
  if (details !== undefined) return null;
  if (sumOf(input) === input.text) return { ...NO_SPLIT, text: cached };
  if (sumOf(input) === input.audio) return { ...NO_SPLIT, audio: cached };
  if (sumOf(input) === input.image) return { ...NO_SPLIT, image: cached };
  return null;
}

export function isWithin(part: Split, whole: Split): boolean {
  return part.text <= whole.text && part.audio <= whole.audio && part.image <= whole.image;
}

/** Whether the parts are all that the usage counts, and it counts something at all, were it zero. */
function isAccountedFor(usage: RealtimeUsage, input: Split, output: Split): boolean {
  const { input_token_details: inputDetails, output_token_details: outputDetails } = usage;
  const inputTokens = usage.input_tokens ?? (hasNumbers(inputDetails) ? sumOf(input) : undefined);
  const outputTokens = usage.output_tokens ?? (hasNumbers(outputDetails) ? sumOf(output) : undefined);
  if (inputTokens === undefined && outputTokens === undefined) return false;
  return (
    isSumOf(usage.total_tokens, inputTokens ?? 0, outputTokens ?? 0) &&
    accountsFor(usage.input_tokens, inputDetails) &&
    accountsFor(usage.output_tokens, outputDetails)
  );
}

function readResponse(usage: RealtimeUsage): ReadUsage {
  const { input_token_details: inputDetails } = usage;
  const { input, output } = splitsOf(usage);
  const cached = readCached(inputDetails?.cached_tokens, inputDetails?.cached_tokens_details, input);
  const isCacheKnown = cached !== null && isWithin(cached, input);
  const known = isCacheKnown ? cached : NO_SPLIT;
  return {
    amounts: {
      textInput: input.text,
      textCachedInput: known.text,
      textOutput: output.text,
      audioInput: input.audio,
      audioCachedInput: known.audio,
      audioOutput: output.audio,
      imageInput: input.image,
      imageCachedInput: known.image,
      seconds: 0,
    },
    isComplete: isCacheKnown && isAccountedFor(usage, input, output),
  };
}

export function isDuration(usage: ProviderUsage): usage is Extract<TranscriptionUsage, { type: 'duration' }> {
  return usage['type'] === 'duration';
}

export function isTranscribedTokens(
  usage: ProviderUsage,
): usage is Extract<TranscriptionUsage, { type: 'tokens' }> {
  return usage['type'] === 'tokens';
}

/** A transcription's output is text, whatever else its usage leaves out. */
function readTranscription(usage: Extract<TranscriptionUsage, { type: 'tokens' }>): ReadUsage {
  const input = splitOf(usage.input_tokens, usage.input_token_details);
  return {
    amounts: {
      ...NO_AMOUNTS,
      textInput: input.text,
      audioInput: input.audio,
      textOutput: usage.output_tokens,
    },
    isComplete:
      isSumOf(usage.total_tokens, usage.input_tokens, usage.output_tokens) &&
      accountsFor(usage.input_tokens, usage.input_token_details),
  };
}

/** Reads a `usage` of the provider: of a response, or of a transcription by tokens or by time. */
export function readUsage(usage: ProviderUsage): ReadUsage {
  if (isDuration(usage)) return { amounts: { ...NO_AMOUNTS, seconds: usage.seconds }, isComplete: true };
  return isTranscribedTokens(usage) ? readTranscription(usage) : readResponse(usage);
}
