import { useSearchParams } from '@solidjs/router';
import { useQuery } from '@tanstack/solid-query';

import { useApi } from '../../api/context.tsx';
import { findData } from '../../api/find-data.ts';
import { findRegionState } from '../../ui/region-state.ts';
import { parseOwnScope, selectOwnBudgets } from './budget-filter.ts';
import type { OwnScope } from './budget-filter.ts';

const POLL_MS = 15_000;

/** All budgets: there are tens of them, so that they are filtered here. */
export function createBudgetList() {
  const { trpc } = useApi();
  const [search, setSearch] = useSearchParams<{ for?: string | string[] }>();
  const query = useQuery(() => ({ ...trpc.budgets.list.queryOptions(), refetchInterval: POLL_MS }));
  const data = () => findData(query);
  const scope = () => parseOwnScope(search.for);
  const own = (wanted: OwnScope | null) => selectOwnBudgets(data()?.items ?? [], wanted);
  return {
    query,
    data,
    scope,
    shown: () => own(scope()),
    count: (wanted: OwnScope | null) => own(wanted).length,
    refetch: () => void query.refetch(),
    region: () =>
      findRegionState({
        count: data() === undefined ? null : own(scope()).length,
        isError: query.isError,
        isFiltered: scope() !== null && own(null).length > 0,
      }),
    filter: (next: OwnScope | null) => setSearch({ for: next }),
  };
}

export type BudgetListModel = ReturnType<typeof createBudgetList>;
