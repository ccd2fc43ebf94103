/** Choices that are the same in every run of one seed (mulberry32). */
export type Dice = {
  /** 0 to below the limit. */
  below: (limit: number) => number;
  pick: <Item>(items: readonly [Item, ...Item[]]) => Item;
};

export function createDice(seed: number): Dice {
  let state = seed;

  function below(limit: number): number {
    state = (state + 0x6d_2b_79_f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % limit;
  }

  return { below, pick: ([first, ...rest]) => [first, ...rest][below(rest.length + 1)] ?? first };
}
