import { parseKeyState } from './key-types.ts';
import type { KeyState, KeySummary } from './key-types.ts';

export type KeyFilter = { provider: string | null; state: KeyState | null };

type Search = { readonly provider?: string | string[]; readonly state?: string | string[] };

/** The filter of an address. What does not exist as a state is no filter; a provider may be any. */
export function parseKeyFilter(search: Search): KeyFilter {
  const { provider } = search;
  return {
    provider: typeof provider === 'string' && provider !== '' ? provider : null,
    state: parseKeyState(search.state),
  };
}

export function isFiltered(filter: KeyFilter): boolean {
  return filter.provider !== null || filter.state !== null;
}

function matches(key: KeySummary, filter: KeyFilter): boolean {
  return (
    (filter.provider === null || key.provider === filter.provider) &&
    (filter.state === null || key.state === filter.state)
  );
}

/**
 * By provider and name, an older key before the one that replaces it. Not by state: a row must not move away under the
 * pointer, or under the focus, because a refresh came in. What needs a person is told above the list.
 */
export function selectKeys(keys: readonly KeySummary[], filter: KeyFilter): KeySummary[] {
  return keys
    .filter((key) => matches(key, filter))
    .toSorted(
      (a, b) =>
        a.providerName.localeCompare(b.providerName) ||
        a.name.localeCompare(b.name) ||
        a.createdAt.localeCompare(b.createdAt) ||
        a.id.localeCompare(b.id),
    );
}

/** How many keys of the chosen provider are in each state, for the filter itself. */
export function countByState(
  keys: readonly KeySummary[],
  provider: string | null,
): ReadonlyMap<KeyState, number> {
  const counts = new Map<KeyState, number>();
  for (const key of keys) {
    if (provider === null || key.provider === provider)
      counts.set(key.state, (counts.get(key.state) ?? 0) + 1);
  }
  return counts;
}
