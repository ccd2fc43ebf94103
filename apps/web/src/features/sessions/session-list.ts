import { useApi } from '../../api/context.tsx';
import { createPagedList } from '../../api/paged-list.ts';
import { listActive, parseSessionFilter, toQuery, toSearch } from './session-filter.ts';

const PAGE_SIZE = 25;
const POLL_MS = 5_000;

export function createSessionList() {
  const { trpc } = useApi();
  return createPagedList({
    pageSize: PAGE_SIZE,
    pollMs: POLL_MS,
    parseFilter: parseSessionFilter,
    toSearch,
    isFiltered: (filter) => listActive(filter).length > 0,
    ask: (filter, page) => trpc.sessions.list.queryOptions({ ...page, ...toQuery(filter) }),
  });
}

export type SessionList = ReturnType<typeof createSessionList>;
