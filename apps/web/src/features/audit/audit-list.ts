import { useSearchParams } from '@solidjs/router';
import { keepPreviousData, useQuery } from '@tanstack/solid-query';
import { createMemo } from 'solid-js';

import { useApi } from '../../api/context.tsx';
import { findData } from '../../api/find-data.ts';
import { createPager } from '../../ui/pager.ts';
import { findRegionState } from '../../ui/region-state.ts';
import { isFiltered, parseAuditFilter, parseEntrySeq, toAuditInput } from './audit-filter.ts';
import type { AuditFilter, AuditSearch } from './audit-filter.ts';

const PAGE_SIZE = 50;
export const POLL_SECONDS = 10;

/** One page of entries, and which of them is open: all of it as the address says. */
export function createAuditList() {
  const { trpc } = useApi();
  const [search, setSearch] = useSearchParams<AuditSearch>();
  const filter = createMemo(() => parseAuditFilter(search));
  const cursor = () => (typeof search.cursor === 'string' ? search.cursor : null);
  const pager = createPager({ cursor, setCursor: (next) => setSearch({ cursor: next }) });
  const query = useQuery(() => {
    const wanted = cursor();
    return {
      ...trpc.audit.list.queryOptions({
        ...toAuditInput(filter()),
        limit: PAGE_SIZE,
        ...(wanted === null ? {} : { cursor: wanted }),
      }),
      refetchInterval: POLL_SECONDS * 1_000,
      placeholderData: keepPreviousData,
    };
  });
  const data = () => findData(query);
  const entries = () => data()?.items ?? [];
  return {
    query,
    data,
    filter,
    pager,
    entries,
    refetch: () => void query.refetch(),
    region: () =>
      findRegionState({
        count: data() === undefined ? null : entries().length,
        isError: query.isError,
        isFiltered: isFiltered(filter()) || cursor() !== null,
      }),
    apply(next: AuditFilter): void {
      pager.reset();
      setSearch({ ...next, cursor: null, entry: null });
    },
    openSeq: () => parseEntrySeq(search.entry),
    /** Going through entries is one step back for the browser, not one for each of them. */
    open(seq: number | null): void {
      const isThrough = seq !== null && parseEntrySeq(search.entry) !== null;
      setSearch({ entry: seq === null ? null : String(seq) }, { replace: isThrough, scroll: false });
    },
  };
}

export type AuditList = ReturnType<typeof createAuditList>;
