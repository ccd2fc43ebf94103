import { findState, isFormer } from './key-state.ts';
import type { KeyEnvironment, KeySummary } from './key-types.ts';

/** `over`: revoked, or a former secret whose grace has ended. */
export const STATE_FILTERS = ['active', 'grace', 'disabled', 'expired', 'over'] as const;
export type StateFilter = (typeof STATE_FILTERS)[number];

export type KeyFilter = { environment: KeyEnvironment | null; state: StateFilter | null };

export const NO_FILTER: KeyFilter = { environment: null, state: null };

type Search = { readonly environment?: string | string[]; readonly state?: string | string[] };

/** The filter of an address; what does not exist is no filter. */
export function parseKeyFilter(search: Search): KeyFilter {
  const { environment, state } = search;
  return {
    environment: environment === 'live' || environment === 'test' ? environment : null,
    state: STATE_FILTERS.find((known) => known === state) ?? null,
  };
}

export function isFiltered(filter: KeyFilter): boolean {
  return filter.environment !== null || filter.state !== null;
}

export function findStateFilter(key: KeySummary, now: number): StateFilter {
  const state = findState(key, now);
  return state === 'revoked' || state === 'replaced' ? 'over' : state;
}

/** By name, a former secret right below its key. What is over stands in a list of its own. */
function compareKeys(owners: ReadonlyMap<string, KeySummary>) {
  const ownerOf = (key: KeySummary) => owners.get(key.replacedBy ?? key.id) ?? key;
  return (a: KeySummary, b: KeySummary) =>
    ownerOf(a).name.localeCompare(ownerOf(b).name) ||
    ownerOf(a).id.localeCompare(ownerOf(b).id) ||
    Number(isFormer(a)) - Number(isFormer(b)) ||
    b.createdAt.localeCompare(a.createdAt) ||
    a.id.localeCompare(b.id);
}

export function selectKeys(keys: readonly KeySummary[], filter: KeyFilter, now: number): KeySummary[] {
  const owners = new Map(keys.map((key) => [key.id, key]));
  return keys
    .filter((key) => filter.environment === null || key.environment === filter.environment)
    .filter((key) => {
      const state = findStateFilter(key, now);
      return filter.state === null ? state !== 'over' : state === filter.state;
    })
    .toSorted(compareKeys(owners));
}

/** How many keys of the chosen environment are in each state, for the filter itself. */
export function countByState(
  keys: readonly KeySummary[],
  environment: KeyEnvironment | null,
  now: number,
): ReadonlyMap<StateFilter, number> {
  const counts = new Map<StateFilter, number>();
  for (const key of keys) {
    if (environment !== null && key.environment !== environment) continue;
    const state = findStateFilter(key, now);
    counts.set(state, (counts.get(state) ?? 0) + 1);
  }
  return counts;
}
