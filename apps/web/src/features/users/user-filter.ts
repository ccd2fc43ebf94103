export type UserFilter = { query: string | null; state: UserState | null };

export const USER_STATES = ['active', 'blocked'] as const;
export type UserState = (typeof USER_STATES)[number];

export const NO_FILTER: Readonly<UserFilter> = { query: null, state: null };

type Search = { readonly q?: string | string[]; readonly state?: string | string[] };

const LONGEST_QUERY = 300;

/** The filter of an address; what cannot be searched for is no filter. */
export function parseUserFilter(search: Search): UserFilter {
  const query = typeof search.q === 'string' ? search.q.trim() : '';
  return {
    query: query === '' || query.length > LONGEST_QUERY ? null : query,
    state: USER_STATES.find((state) => state === search.state) ?? null,
  };
}

export function isFiltered(filter: UserFilter): boolean {
  return filter.query !== null || filter.state !== null;
}

export function toSearch({ query, state }: UserFilter): { q: string | null; state: string | null } {
  return { q: query, state };
}

/** What is set, in the API's words. */
export function toQuery({ query, state }: UserFilter): { query?: string; state?: UserState } {
  return { ...(query === null ? {} : { query }), ...(state === null ? {} : { state }) };
}
