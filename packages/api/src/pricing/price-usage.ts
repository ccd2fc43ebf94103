import type { ModelPrices, TokenPrices } from '../models/registry.ts';
import { readUsage } from './amounts.ts';
import type { ProviderUsage, UsageAmounts } from './amounts.ts';
import { findPrices } from './find-prices.ts';

/** Micro-USD; null where the model has no price for it, or the usage does not say what it counts. Never zero for that. */
export type Priced = { microUsd: number | null; priceVersion: string | null };

export type CostLine = {
  modality: 'text' | 'audio' | 'image' | 'minutes';
  direction: 'input' | 'cached' | 'output';
  /** `input` without what was cached. */
  quantity: number;
  unit: 'tokens' | 'seconds';
  microUsd: number | null;
};

type Line = Pick<CostLine, 'modality' | 'direction' | 'quantity'> & { price: number | null };

export const NANO_PER_MICRO = 1_000;
const SECONDS_PER_MINUTE = 60;
const MICRO_PER_USD = 1_000_000;

function line(
  modality: Line['modality'],
  direction: Line['direction'],
  { quantity, price }: { quantity: number; price: number | null | undefined },
): Line {
  return { modality, direction, quantity, price: price ?? null };
}

function listTokens(amounts: UsageAmounts, prices: TokenPrices | null): Line[] {
  const { textCachedInput, audioCachedInput, imageCachedInput } = amounts;
  const { text, audio, image } = prices ?? {};
  return [
    line('text', 'input', { quantity: amounts.textInput - textCachedInput, price: text?.input }),
    line('text', 'cached', { quantity: textCachedInput, price: text?.cachedInput }),
    line('text', 'output', { quantity: amounts.textOutput, price: text?.output }),
    line('audio', 'input', { quantity: amounts.audioInput - audioCachedInput, price: audio?.input }),
    line('audio', 'cached', { quantity: audioCachedInput, price: audio?.cachedInput }),
    line('audio', 'output', { quantity: amounts.audioOutput, price: audio?.output }),
    line('image', 'input', { quantity: amounts.imageInput - imageCachedInput, price: image?.input }),
    line('image', 'cached', { quantity: imageCachedInput, price: image?.cachedInput }),
  ];
}

/**
 * In nano-USD, whole ones for tokens: dollars a million tokens are micro-dollars a token, and no price has more than
 * three decimals. So the sum is exact, and is rounded once.
 */
function listNano(
  amounts: UsageAmounts,
  prices: ModelPrices | null,
): (Omit<CostLine, 'microUsd'> & { nanoUsd: number | null })[] {
  const tokens = listTokens(amounts, prices?.unit === 'usd_per_million_tokens' ? prices : null)
    .filter(({ quantity }) => quantity > 0)
    .map(({ price, ...rest }) => ({
      ...rest,
      unit: 'tokens' as const,
      nanoUsd: price === null ? null : rest.quantity * Math.round(price * NANO_PER_MICRO),
    }));
  if (amounts.seconds <= 0) return tokens;
  const nanoPerMinute =
    prices?.unit === 'usd_per_minute' ? Math.round(prices.audio * MICRO_PER_USD) * NANO_PER_MICRO : null;
  const time = {
    modality: 'minutes',
    direction: 'input',
    quantity: amounts.seconds,
    unit: 'seconds',
    nanoUsd: nanoPerMinute === null ? null : (amounts.seconds * nanoPerMinute) / SECONDS_PER_MINUTE,
  } as const;
  return [...tokens, time];
}

export function toMicro(nanoUsd: number): number {
  return Math.round(nanoUsd / NANO_PER_MICRO);
}

/** What these amounts cost of a model at a moment, rounded to the nearest micro-USD, once. */
export function priceAmounts(model: string, amounts: UsageAmounts, atMs: number): Priced {
  const found = findPrices(model, atMs);
  if (found === null) return { microUsd: null, priceVersion: null };
  let nanoUsd = 0;
  for (const part of listNano(amounts, found.prices)) {
    if (part.nanoUsd === null) return { microUsd: null, priceVersion: found.version };
    nanoUsd += part.nanoUsd;
  }
  return { microUsd: toMicro(nanoUsd), priceVersion: found.version };
}

/** What one event of the provider costs, by the table of its time. */
export function priceUsage(model: string, usage: ProviderUsage, atMs: number): Priced {
  const { amounts, isComplete } = readUsage(usage);
  const priced = priceAmounts(model, amounts, atMs);
  return isComplete ? priced : { ...priced, microUsd: null };
}

/** The same by kind of token, for a person. Each line is rounded by itself, so their sum may be off by a few micro-USD. */
export function listCostLines(model: string, amounts: UsageAmounts, atMs: number): CostLine[] {
  return listNano(amounts, findPrices(model, atMs)?.prices ?? null).map(({ nanoUsd, ...rest }) => ({
    ...rest,
    microUsd: nanoUsd === null ? null : toMicro(nanoUsd),
  }));
}
