export type Spread = { min: number; median: number; max: number; count: number };

export function summarizeSpread(values: readonly number[]): Spread {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? Number.NaN;
  const lower = sorted[middle - 1] ?? upper;
  return {
    min: sorted[0] ?? Number.NaN,
    median: sorted.length % 2 === 1 ? upper : (lower + upper) / 2,
    max: sorted.at(-1) ?? Number.NaN,
    count: sorted.length,
  };
}

/** A new array in random order. */
export function shuffle<T>(items: readonly T[], random: () => number): T[] {
  return items
    .map((item) => ({ item, key: random() }))
    .toSorted((a, b) => a.key - b.key)
    .map(({ item }) => item);
}
