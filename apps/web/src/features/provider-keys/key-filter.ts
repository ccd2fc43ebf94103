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

const URGENCY: Readonly<Record<KeyState, number>> = {
  quarantined: 0,
  exhausted: 1,
  cooling_down: 2,
  active: 3,
  draining: 4,
  disabled: 5,
};

/** What needs a person first, then by provider and name, so that rows stay where they are between two refreshes. */
export function selectKeys(keys: readonly KeySummary[], filter: KeyFilter): KeySummary[] {
  return keys
    .filter((key) => matches(key, filter))
    .toSorted(
      (a, b) =>
        URGENCY[a.state] - URGENCY[b.state] ||
        a.provider.localeCompare(b.provider) ||
        a.name.localeCompare(b.name) ||
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
