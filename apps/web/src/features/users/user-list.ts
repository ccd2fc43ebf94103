import { useApi } from '../../api/context.tsx';
import { createPagedList } from '../../api/paged-list.ts';
import { isFiltered, parseUserFilter, toQuery, toSearch } from './user-filter.ts';

const PAGE_SIZE = 25;
const POLL_MS = 10_000;

export function createUserList() {
  const { trpc } = useApi();
  return createPagedList({
    pageSize: PAGE_SIZE,
    pollMs: POLL_MS,
    parseFilter: parseUserFilter,
    toSearch,
    isFiltered,
    ask: (filter, page) => trpc.users.list.queryOptions({ ...page, ...toQuery(filter) }),
  });
}

export type UserList = ReturnType<typeof createUserList>;
