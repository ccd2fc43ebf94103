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

type Split = { text: number; audio: number; image: number };

const NO_SPLIT: Split = { text: 0, audio: 0, image: 0 };

type TokenDetails = {
  text_tokens?: number | undefined;
  audio_tokens?: number | undefined;
  image_tokens?: number | undefined;
};

function toSplit(details: TokenDetails | undefined): Split {
  return {
    text: details?.text_tokens ?? 0,
    audio: details?.audio_tokens ?? 0,
    image: details?.image_tokens ?? 0,
  };
}

function sum({ text, audio, image }: Split): number {
  return text + audio + image;
}

function hasNumbers({
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

/** The details, if they account for the whole; a usage that says nothing at all accounts for nothing. */
function accountsFor(total: number | undefined, details: TokenDetails | undefined): boolean {
  if (total === undefined) return details !== undefined;
  return total === sum(toSplit(details));
}

/** Cached tokens without details can only be told apart where the input has one kind of tokens. */
function readCached(
  cached: number | undefined,
  details: TokenDetails | undefined,
  input: Split,
): Split | null {
  const split = toSplit(details);
  if (cached === undefined || cached === sum(split)) return split;
  if (details !== undefined) return null;
  if (sum(input) === input.text) return { ...NO_SPLIT, text: cached };
  if (sum(input) === input.audio) return { ...NO_SPLIT, audio: cached };
  if (sum(input) === input.image) return { ...NO_SPLIT, image: cached };
  return null;
}

function isWithin(part: Split, whole: Split): boolean {
  return part.text <= whole.text && part.audio <= whole.audio && part.image <= whole.image;
}

/** Whether the parts are all that the usage counts, and it counts something at all, were it zero. */
function isAccountedFor(usage: RealtimeUsage, input: Split, output: Split): boolean {
  const { input_token_details: inputDetails, output_token_details: outputDetails } = usage;
  const inputTokens = usage.input_tokens ?? (hasNumbers(inputDetails) ? sum(input) : undefined);
  const outputTokens = usage.output_tokens ?? (hasNumbers(outputDetails) ? sum(output) : undefined);
  if (inputTokens === undefined && outputTokens === undefined) return false;
  return (
    isSumOf(usage.total_tokens, inputTokens ?? 0, outputTokens ?? 0) &&
    accountsFor(usage.input_tokens, inputDetails) &&
    accountsFor(usage.output_tokens, outputDetails)
  );
}

function readResponse(usage: RealtimeUsage): ReadUsage {
  const { input_token_details: inputDetails, output_token_details: outputDetails } = usage;
  const input = toSplit(inputDetails);
  const output = toSplit(outputDetails);
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

function isDuration(usage: ProviderUsage): usage is Extract<TranscriptionUsage, { type: 'duration' }> {
  return usage['type'] === 'duration';
}

function isTranscribedTokens(usage: ProviderUsage): usage is Extract<TranscriptionUsage, { type: 'tokens' }> {
  return usage['type'] === 'tokens';
}

/** A transcription's output is text, whatever else its usage leaves out. */
function readTranscription(usage: Extract<TranscriptionUsage, { type: 'tokens' }>): ReadUsage {
  const input = toSplit(usage.input_token_details);
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
