import { useSearchParams } from '@solidjs/router';
import { useQuery } from '@tanstack/solid-query';

import { useApi } from '../../api/context.tsx';
import { findData } from '../../api/find-data.ts';
import { findRegionState } from '../../ui/region-state.ts';
import { isFiltered, parseKeyFilter, selectKeys } from './key-filter.ts';
import type { KeyFilter } from './key-filter.ts';
import type { KeyList, KeySummary } from './key-types.ts';
import type { PoolFacts } from './key-actions.ts';

const POLL_MS = 5_000;

/** The whole pool, asked anew every five seconds while the page is seen. */
export function createPoolQuery() {
  const { trpc } = useApi();
  const query = useQuery(() => ({ ...trpc.keys.list.queryOptions(), refetchInterval: POLL_MS }));
  return { query, data: () => findData(query), refetch: () => void query.refetch() };
}

/** Limit domains that are in use already, each once. */
export function listDomains(list: KeyList): string[] {
  return [...new Set(list.items.flatMap(({ limitDomain }) => limitDomain ?? []))];
}

export function findPoolFacts(list: KeyList, key: KeySummary): PoolFacts {
  return {
    canStore: list.canStore,
    canTest: list.providers.find(({ id }) => id === key.provider)?.canTest === true,
  };
}

/** A pool has tens of keys: they are filtered here, so that every filter also knows its count. */
export function createKeyList() {
  const [search, setSearch] = useSearchParams<{ provider?: string; state?: string }>();
  const pool = createPoolQuery();
  const filter = () => parseKeyFilter(search);
  const keys = () => selectKeys(pool.data()?.items ?? [], filter());
  return {
    ...pool,
    filter,
    keys,
    region: () =>
      findRegionState({
        count: pool.data() === undefined ? null : keys().length,
        isError: pool.query.isError,
        isFiltered: isFiltered(filter()) && (pool.data()?.items.length ?? 0) > 0,
      }),
    apply(next: KeyFilter): void {
      setSearch({ provider: next.provider, state: next.state });
    },
  };
}
