import { useQuery } from '@tanstack/solid-query';

import { useApi } from '../../api/context.tsx';
import { findData } from '../../api/find-data.ts';
import { createPagedList } from '../../api/paged-list.ts';
import { isFiltered, parseNodeFilter, toQuery, toSearch } from './node-filter.ts';

const PAGE_SIZE = 50;
export const POLL_SECONDS = 5;
const REGIONS_POLL_MS = 10_000;
const CHOICES_POLL_MS = 60_000;

export function createNodeList() {
  const { trpc } = useApi();
  return createPagedList({
    pageSize: PAGE_SIZE,
    pollMs: POLL_SECONDS * 1_000,
    parseFilter: parseNodeFilter,
    toSearch,
    isFiltered,
    ask: (filter, page) => trpc.nodes.list.queryOptions({ ...page, ...toQuery(filter) }),
  });
}

export type NodeList = ReturnType<typeof createNodeList>;

export function createRegions() {
  const { trpc } = useApi();
  const query = useQuery(() => ({
    ...trpc.nodes.summarizeRegions.queryOptions(),
    refetchInterval: REGIONS_POLL_MS,
  }));
  return { query, regions: () => findData(query)?.regions };
}

/** What there is to filter by. */
export function createChoices() {
  const { trpc } = useApi();
  const query = useQuery(() => ({
    ...trpc.nodes.listChoices.queryOptions(),
    refetchInterval: CHOICES_POLL_MS,
  }));
  return () => findData(query) ?? { types: [], capabilities: [] };
}
