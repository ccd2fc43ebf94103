import type { ModelEntry } from './playground-config.ts';

/** What the provider counts: one token for 100 ms of the speaker, one for 50 ms of the answer. */
const INPUT_TOKENS_PER_MINUTE = 600;
const OUTPUT_TOKENS_PER_MINUTE = 1_200;
const SPEAKER_SHARE = 0.5;

/** US dollars for a minute in which both sides speak half of the time; `null` where a price is missing. */
export function estimateUsdPerMinute(prices: ModelEntry['prices']): number | null {
  if (prices === null) return null;
  if (prices.unit === 'usd_per_minute') return prices.audio;
  if (prices.audio.output === null) return null;
  const input = INPUT_TOKENS_PER_MINUTE * SPEAKER_SHARE * prices.audio.input;
  const output = OUTPUT_TOKENS_PER_MINUTE * (1 - SPEAKER_SHARE) * prices.audio.output;
  return (input + output) / 1_000_000;
}
