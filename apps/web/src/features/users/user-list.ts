import { useSearchParams } from '@solidjs/router';
import { keepPreviousData, useQuery } from '@tanstack/solid-query';

import { useApi } from '../../api/context.tsx';
import { findData } from '../../api/find-data.ts';
import { createPager } from '../../ui/pager.ts';
import { findRegionState } from '../../ui/region-state.ts';
import { isFiltered, parseUserFilter, toQuery } from './user-filter.ts';
import type { UserFilter } from './user-filter.ts';

const PAGE_SIZE = 25;
const POLL_MS = 10_000;

type Search = { q?: string | string[]; state?: string | string[]; cursor?: string | string[] };

/** One page of users behind the filter of the address. */
export function createUserList() {
  const { trpc } = useApi();
  const [search, setSearch] = useSearchParams<Search>();
  const filter = () => parseUserFilter(search);
  const cursor = () => (typeof search.cursor === 'string' ? search.cursor : null);
  const pager = createPager({ cursor, setCursor: (next) => setSearch({ cursor: next }) });
  const query = useQuery(() => {
    const wanted = cursor();
    return {
      ...trpc.users.list.queryOptions({
        limit: PAGE_SIZE,
        ...(wanted === null ? {} : { cursor: wanted }),
        ...toQuery(filter()),
      }),
      refetchInterval: POLL_MS,
      placeholderData: keepPreviousData,
    };
  });
  const data = () => findData(query);
  const users = () => data()?.items ?? [];
  return {
    query,
    data,
    filter,
    pager,
    users,
    refetch: () => void query.refetch(),
    region: () =>
      findRegionState({
        count: data() === undefined ? null : users().length,
        isError: query.isError,
        isFiltered: isFiltered(filter()) || cursor() !== null,
      }),
    apply(next: UserFilter): void {
      pager.reset();
      setSearch({ q: next.query, state: next.state, cursor: null });
    },
  };
}

export type UserList = ReturnType<typeof createUserList>;
