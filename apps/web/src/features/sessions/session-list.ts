import { useSearchParams } from '@solidjs/router';
import { keepPreviousData, useQuery } from '@tanstack/solid-query';

import { useApi } from '../../api/context.tsx';
import { findData } from '../../api/find-data.ts';
import { createPager } from '../../ui/pager.ts';
import { findRegionState } from '../../ui/region-state.ts';
import { listActive, parseSessionFilter, toQuery, toSearch } from './session-filter.ts';
import type { FilterSearch, SessionFilter } from './session-filter.ts';

const PAGE_SIZE = 25;
const POLL_MS = 5_000;

type Search = FilterSearch & { cursor?: string | string[] };

/** One page of the log behind the filter of the address, asked anew every five seconds. */
export function createSessionList() {
  const { trpc } = useApi();
  const [search, setSearch] = useSearchParams<Search>();
  const filter = () => parseSessionFilter(search);
  const cursor = () => (typeof search.cursor === 'string' ? search.cursor : null);
  const pager = createPager({ cursor, setCursor: (next) => setSearch({ cursor: next }) });
  const query = useQuery(() => {
    const wanted = cursor();
    return {
      ...trpc.sessions.list.queryOptions({
        limit: PAGE_SIZE,
        ...(wanted === null ? {} : { cursor: wanted }),
        ...toQuery(filter()),
      }),
      refetchInterval: POLL_MS,
      placeholderData: keepPreviousData,
    };
  });
  const data = () => findData(query);
  const sessions = () => data()?.items ?? [];
  return {
    query,
    data,
    filter,
    pager,
    sessions,
    region: () =>
      findRegionState({
        count: data() === undefined ? null : sessions().length,
        isError: query.isError,
        isFiltered: listActive(filter()).length > 0 || cursor() !== null,
      }),
    apply(next: SessionFilter): void {
      pager.reset();
      setSearch({ ...toSearch(next), cursor: null });
    },
  };
}

export type SessionList = ReturnType<typeof createSessionList>;
