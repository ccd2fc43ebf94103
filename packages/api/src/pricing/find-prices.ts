import { findModel } from '../models/registry.ts';
import type { DatedPrices, ModelPrices } from '../models/registry.ts';

/** `version` is the day from which these prices hold. */
export type FoundPrices = { prices: ModelPrices; version: string };

/** Those that hold at a moment. Before its first entry that one holds: no older price was ever written down here. */
export function pricesAt(dated: readonly DatedPrices[], atMs: number): DatedPrices | null {
  return dated.findLast(({ from }) => Date.parse(from) <= atMs) ?? dated[0] ?? null;
}

/** The prices of a model at a moment; null where nobody has named one. */
export function findPrices(model: string, atMs: number): FoundPrices | null {
  const entry = pricesAt(findModel(model)?.prices ?? [], atMs);
  return entry === null ? null : { prices: entry.prices, version: entry.from };
}
