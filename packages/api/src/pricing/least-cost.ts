import type { RealtimeUsage, TranscriptionUsage } from '@ephemera/realtime-protocol';

import type { TokenPrices } from '../models/registry.ts';
import {
  hasNumbers,
  isDuration,
  isTranscribedTokens,
  isWithin,
  NO_SPLIT,
  splitOf,
  splitsOf,
  sumOf,
  toSplit,
} from './amounts.ts';
import type { ProviderUsage, Split } from './amounts.ts';
import { findPrices } from './find-prices.ts';
import { NANO_PER_MICRO, toMicro } from './price-usage.ts';

/** What a usage says for certain, and how much of it may be of any kind. */
type Told = {
  input: Split;
  anyInput: number;
  /** Of the input above. */
  cached: Split;
  /** At most so many of the others were cached too. */
  anyCached: number;
  output: Split;
  anyOutput: number;
  /** Of which not even the direction is known. */
  any: number;
};

const NOTHING: Told = {
  input: NO_SPLIT,
  anyInput: 0,
  cached: NO_SPLIT,
  anyCached: 0,
  output: NO_SPLIT,
  anyOutput: 0,
  any: 0,
};

function restOf(total: number | undefined, split: Split): number {
  return total === undefined ? 0 : total - sumOf(split);
}

type Cached = Pick<Told, 'cached' | 'anyCached'>;

/** As far as it is said of which kind; else at most as many as are said. Without any details all may have been cached. */
function readCached({ input_token_details: details }: RealtimeUsage, input: Split, anyInput: number): Cached {
  const all = sumOf(input) + anyInput;
  const { cached_tokens: cachedTokens, cached_tokens_details: cachedDetails } = details ?? {};
  if (cachedTokens === undefined && cachedDetails === undefined && !hasNumbers(details)) {
    return { cached: NO_SPLIT, anyCached: all };
  }
  const cached = toSplit(cachedDetails);
  const told = Math.max(cachedTokens ?? 0, sumOf(cached));
  if (told === sumOf(cached) && isWithin(cached, input)) return { cached, anyCached: 0 };
  return { cached: NO_SPLIT, anyCached: Math.min(told, all) };
}

function readResponse(usage: RealtimeUsage): Told {
  const { input, output } = splitsOf(usage);
  const { total_tokens: total, input_tokens: inputTokens, output_tokens: outputTokens } = usage;
  const parts = (inputTokens ?? sumOf(input)) + (outputTokens ?? sumOf(output));
  if (total !== undefined && parts > total) {
    return { ...NOTHING, any: total };
  }
  const anyInput = restOf(inputTokens, input);
  return {
    input,
    anyInput,
    ...readCached(usage, input, anyInput),
    output,
    anyOutput: restOf(outputTokens, output),
    any: Math.max(0, (total ?? 0) - parts),
  };
}

function readTranscription(usage: Extract<TranscriptionUsage, { type: 'tokens' }>): Told {
  const { input_tokens: inputTokens, output_tokens: outputTokens, total_tokens: total } = usage;
  const input = splitOf(inputTokens, usage.input_token_details);
  return {
    ...NOTHING,
    input,
    anyInput: restOf(inputTokens, input),
    output: { ...NO_SPLIT, text: outputTokens },
    any: Math.max(0, total - inputTokens - outputTokens),
  };
}

/** In nano-USD a token. */
type Part = { tokens: number; cachedTokens: number; fresh: number; cached: number };

function toPart(
  tokens: number,
  cachedTokens: number,
  price: { input: number; cachedInput: number | null },
): Part {
  const fresh = toNano(price.input);
  return {
    tokens,
    cachedTokens,
    fresh,
    cached: price.cachedInput === null ? fresh : toNano(price.cachedInput),
  };
}

/** A kind that the model has no price for adds nothing to what is due at least. */
function listParts({ input, cached, anyInput }: Told, { text, audio, image }: TokenPrices): Part[] {
  const kinds = [
    toPart(input.text, cached.text, text),
    toPart(input.audio, cached.audio, audio),
    ...(image === null ? [] : [toPart(input.image, cached.image, image)]),
  ];
  const rest: Part = {
    tokens: anyInput,
    cachedTokens: 0,
    fresh: Math.min(...kinds.map(({ fresh }) => fresh)),
    cached: Math.min(...kinds.map((kind) => kind.cached)),
  };
  return [...kinds, rest];
}

function toNano(usdPerMillion: number): number {
  return Math.round(usdPerMillion * NANO_PER_MICRO);
}

/** Those of unknown kinds that were cached are taken to be those that save the most by it. */
function inputNano(parts: readonly Part[], anyCached: number): number {
  let left = anyCached;
  let nano = 0;
  for (const part of parts.toSorted((one, other) => other.fresh - other.cached - (one.fresh - one.cached))) {
    const taken = Math.min(left, part.tokens - part.cachedTokens);
    left -= taken;
    const cached = part.cachedTokens + taken;
    nano += cached * part.cached + (part.tokens - cached) * part.fresh;
  }
  return nano;
}

function leastNano(told: Told, prices: TokenPrices): number {
  const parts = listParts(told, prices);
  const textOutput = toNano(prices.text.output);
  const audioOutput = prices.audio.output === null ? null : toNano(prices.audio.output);
  const anyOutput = Math.min(textOutput, audioOutput ?? textOutput);
  const any = Math.min(anyOutput, ...parts.map(({ cached }) => cached));
  return (
    inputNano(parts, told.anyCached) +
    told.output.text * textOutput +
    told.output.audio * (audioOutput ?? 0) +
    told.anyOutput * anyOutput +
    told.any * any
  );
}

/**
 * What a usage costs at least whose price cannot be told, because it does not say of which kind all of its tokens are:
 * the cheapest reading of what it does say, in micro-USD. Null where the model has no price for tokens.
 */
export function leastMicroUsd(model: string, usage: ProviderUsage, atMs: number): number | null {
  const prices = findPrices(model, atMs)?.prices;
  if (prices?.unit !== 'usd_per_million_tokens' || isDuration(usage)) return null;
  return toMicro(
    leastNano(isTranscribedTokens(usage) ? readTranscription(usage) : readResponse(usage), prices),
  );
}
