import { useQuery } from '@tanstack/solid-query';

import { useApi } from '../../api/context.tsx';
import { findData } from '../../api/find-data.ts';
import { createPagedList } from '../../api/paged-list.ts';
import { pinLive } from './pin-live.ts';
import { listActive, parseSessionFilter, toQuery, toSearch } from './session-filter.ts';

const PAGE_SIZE = 25;
const POLL_MS = 5_000;
const MAX_LIVE = 10;

/** On its first page the calls that run stand on top, whenever they began; asked for in the same request. */
export function createSessionList() {
  const { trpc } = useApi();
  const list = createPagedList({
    pageSize: PAGE_SIZE,
    pollMs: POLL_MS,
    parseFilter: parseSessionFilter,
    toSearch,
    isFiltered: (filter) => listActive(filter).length > 0,
    ask: (filter, page) => trpc.sessions.list.queryOptions({ ...page, ...toQuery(filter) }),
  });
  const isPinning = () => list.pager.isFirst() && list.filter().state === null;
  const live = useQuery(() => ({
    ...trpc.sessions.list.queryOptions({
      ...toQuery(list.filter()),
      isOpen: undefined,
      state: 'connected',
      limit: MAX_LIVE,
    }),
    refetchInterval: POLL_MS,
    enabled: isPinning(),
  }));
  const items = () => (isPinning() ? pinLive(findData(live)?.items ?? [], list.items()) : list.items());
  return { ...list, items };
}

export type SessionList = ReturnType<typeof createSessionList>;
