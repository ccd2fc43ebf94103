export type RegionState = 'loading' | 'empty-first' | 'empty-filtered' | 'error' | 'data';

export type RegionFacts = {
  /** `null` until the first answer. */
  count: number | null;
  isError: boolean;
  isFiltered: boolean;
};

/** What a data region shows. Old data stays on the screen when a refresh fails. */
export function findRegionState(facts: RegionFacts): RegionState {
  if (facts.count === null) return facts.isError ? 'error' : 'loading';
  if (facts.count > 0) return 'data';
  return facts.isFiltered ? 'empty-filtered' : 'empty-first';
}
