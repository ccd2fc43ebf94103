import { findModel } from '../models/registry.ts';
import type { ModelPrices } from '../models/registry.ts';

/** `version` is the day from which these prices hold. */
export type FoundPrices = { prices: ModelPrices; version: string };

/**
 * The prices of a model at a moment; null where nobody has named one. Before its first entry that one holds: no older
 * price was ever written down here.
 */
export function findPrices(model: string, atMs: number): FoundPrices | null {
  const dated = findModel(model)?.prices ?? [];
  const entry = dated.findLast(({ from }) => Date.parse(from) <= atMs) ?? dated[0];
  return entry === undefined ? null : { prices: entry.prices, version: entry.from };
}
