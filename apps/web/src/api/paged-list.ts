import { useSearchParams } from '@solidjs/router';
import type { SearchParams } from '@solidjs/router';
import { keepPreviousData, useQuery } from '@tanstack/solid-query';
import { createMemo } from 'solid-js';

import { findData } from './find-data.ts';
import { createPager } from '../ui/pager.ts';
import { findRegionState } from '../ui/region-state.ts';

type Page = { items: readonly unknown[]; nextCursor: string | null };

/** What is asked of every list, beside its filter. */
export type PageInput = { limit: number; cursor?: string };

export type PagedListOptions<TFilter, TPage extends Page> = {
  pageSize: number;
  pollMs: number;
  /** The filter of an address: what cannot be read is no filter. */
  parseFilter: (search: Partial<SearchParams>) => TFilter;
  toSearch: (filter: TFilter) => Readonly<Record<string, string | null>>;
  isFiltered: (filter: TFilter) => boolean;
  ask: (
    filter: TFilter,
    page: PageInput,
  ) => {
    queryKey: readonly unknown[];
    queryFn: (context: { signal: AbortSignal }) => Promise<TPage>;
  };
};

/** One page of a long list behind the filter of the address, asked for anew every few seconds. */
export function createPagedList<TFilter, TPage extends Page>(options: PagedListOptions<TFilter, TPage>) {
  const [search, setSearch] = useSearchParams();
  const filter = createMemo(() => options.parseFilter(search));
  const cursor = () => (typeof search['cursor'] === 'string' ? search['cursor'] : null);
  const pager = createPager({ cursor, setCursor: (next) => setSearch({ cursor: next }) });
  const query = useQuery(() => {
    const wanted = cursor();
    const page = { limit: options.pageSize, ...(wanted === null ? {} : { cursor: wanted }) };
    return {
      ...options.ask(filter(), page),
      refetchInterval: options.pollMs,
      placeholderData: keepPreviousData,
    };
  });
  const data = () => findData(query);
  const items = (): TPage['items'] => data()?.items ?? [];
  return {
    query,
    data,
    filter,
    pager,
    items,
    refetch: () => void query.refetch(),
    isFiltered: () => options.isFiltered(filter()),
    region: () =>
      findRegionState({
        count: data() === undefined ? null : items().length,
        isError: query.isError,
        isFiltered: options.isFiltered(filter()) || cursor() !== null,
      }),
    apply(next: TFilter): void {
      pager.reset();
      setSearch({ ...options.toSearch(next), cursor: null });
    },
  };
}
