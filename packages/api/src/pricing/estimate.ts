import { findModel } from '../models/registry.ts';
import { NO_AMOUNTS } from './amounts.ts';
import type { UsageAmounts } from './amounts.ts';
import { priceAmounts } from './price-usage.ts';

/** How a conversation is imagined of which only the model and the length are known. */
type Talk = {
  /** Share of the time in which each side speaks. */
  speaking: number;
  /** Text tokens of the answer (its transcript) beside each audio token. */
  textPerAudio: number;
  /** Transcribed text tokens a second of speech. */
  transcribedPerSecond: number;
  /** Whether the last answer is billed in full when it is sent back the first time, before it is cached. */
  isAnswerSentInFull: boolean;
  /** Whether the dearest transcription of the speaker's words runs beside it. */
  isTranscribed: boolean;
};

/** Both speak all the time. */
const WORST: Talk = {
  speaking: 1,
  textPerAudio: 0.25,
  transcribedPerSecond: 5,
  isAnswerSentInFull: true,
  isTranscribed: true,
};

/** They take turns. */
const USUAL: Talk = {
  speaking: 0.5,
  textPerAudio: 0.25,
  transcribedPerSecond: 3,
  isAnswerSentInFull: false,
  isTranscribed: false,
};

const TURN_SECONDS = 10;
/** One token is 100 ms of the speaker, 50 ms of the answer. */
const SPEAKER_TOKENS_PER_SECOND = 10;
const ANSWER_TOKENS_PER_SECOND = 20;
const DEAREST_TRANSCRIPTION = 'gpt-realtime-whisper';
/** A day; beyond it a number says nothing. */
const MAX_SECONDS = 86_400;

/**
 * A turn every ten seconds. Each sends the new speech, gets the answer, and sends all that was said before again as
 * cached input, up to the model's context. The last turn is as much of one as there is time for.
 */
function imagineSpeech(talk: Talk, seconds: number, contextTokens: number): UsageAmounts {
  const amounts = { ...NO_AMOUNTS };
  let context = 0;
  let lastAnswer = 0;
  for (let doneSeconds = 0; doneSeconds < seconds; doneSeconds += TURN_SECONDS) {
    const spoken = Math.min(TURN_SECONDS, seconds - doneSeconds) * talk.speaking;
    const speech = spoken * SPEAKER_TOKENS_PER_SECOND;
    const answer = spoken * ANSWER_TOKENS_PER_SECOND;
    const fresh = speech + (talk.isAnswerSentInFull ? lastAnswer : 0);
    const cached = Math.min(context + (talk.isAnswerSentInFull ? 0 : lastAnswer), contextTokens);
    amounts.audioInput += fresh + cached;
    amounts.audioCachedInput += cached;
    amounts.audioOutput += answer;
    amounts.textOutput += answer * talk.textPerAudio;
    context += speech + lastAnswer;
    lastAnswer = answer;
  }
  return amounts;
}

/** Half a token is billed as one. */
function roundUp(amounts: UsageAmounts): UsageAmounts {
  return {
    ...amounts,
    audioInput: Math.ceil(amounts.audioInput),
    audioCachedInput: Math.floor(amounts.audioCachedInput),
    audioOutput: Math.ceil(amounts.audioOutput),
    textOutput: Math.ceil(amounts.textOutput),
  };
}

function imagineTranscription(talk: Talk, seconds: number, isByTime: boolean): UsageAmounts {
  if (isByTime) return { ...NO_AMOUNTS, seconds };
  return roundUp({
    ...NO_AMOUNTS,
    audioInput: seconds * SPEAKER_TOKENS_PER_SECOND,
    textOutput: seconds * talk.transcribedPerSecond,
  });
}

type Length = { seconds: number; atMs: number };

function priceTalk(modelId: string, talk: Talk, { seconds, atMs }: Length): number | null {
  const model = findModel(modelId);
  if (model === null || !Number.isFinite(seconds)) return null;
  const length = Math.min(Math.max(seconds, 0), MAX_SECONDS);
  if (model.kind === 'transcription') {
    const isByTime = model.prices.at(-1)?.prices.unit === 'usd_per_minute';
    return priceAmounts(modelId, imagineTranscription(talk, length, isByTime), atMs).microUsd;
  }
  if (model.contextTokens === null) return null;
  const speech = roundUp(imagineSpeech(talk, length, model.contextTokens));
  const { microUsd } = priceAmounts(modelId, speech, atMs);
  if (microUsd === null || !talk.isTranscribed) return microUsd;
  const beside = priceAmounts(DEAREST_TRANSCRIPTION, { ...NO_AMOUNTS, seconds: length }, atMs).microUsd;
  return beside === null ? null : microUsd + beside;
}

/**
 * What a session of this length can cost at most, for reservations: both sides speak without a pause, each answer is
 * sent back once in full and from then on cached, and the speaker is transcribed at the dearest rate. Long instructions
 * and images come on top, so it is no mathematical bound. Null where the model has no price.
 */
export function worstCaseMicroUsd(model: string, seconds: number, atMs: number): number | null {
  return priceTalk(model, WORST, { seconds, atMs });
}

/** What a session of this length costs if they take turns: for sessions that never said what they used. */
export function estimateMicroUsd(model: string, seconds: number, atMs: number): number | null {
  return priceTalk(model, USUAL, { seconds, atMs });
}
