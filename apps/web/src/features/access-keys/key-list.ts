import { useSearchParams } from '@solidjs/router';
import { useQuery } from '@tanstack/solid-query';
import type { Accessor } from 'solid-js';

import { useApi } from '../../api/context.tsx';
import { findData } from '../../api/find-data.ts';
import { findRegionState } from '../../ui/region-state.ts';
import { countByState, isFiltered, parseKeyFilter, selectKeys } from './key-filter.ts';
import type { KeyFilter } from './key-filter.ts';
import { isFormer } from './key-state.ts';
import type { KeySummary } from './key-types.ts';

const POLL_MS = 5_000;

/** All keys, asked anew every five seconds while the page is seen. */
export function createKeysQuery() {
  const { trpc } = useApi();
  const query = useQuery(() => ({ ...trpc.accessKeys.list.queryOptions(), refetchInterval: POLL_MS }));
  return { query, data: () => findData(query), refetch: () => void query.refetch() };
}

/** A former secret is no key of its own, unless nothing else is listed. */
export function countKeys(keys: readonly KeySummary[]): number {
  return keys.filter((key) => !isFormer(key)).length || keys.length;
}

/** There are tens of keys: they are filtered here, so that every filter also knows its count. */
export function createKeyList(now: Accessor<number>) {
  const [search, setSearch] = useSearchParams<{ environment?: string; state?: string }>();
  const all = createKeysQuery();
  const items = () => all.data()?.items ?? [];
  const filter = () => parseKeyFilter(search);
  const keys = () => selectKeys(items(), filter(), now());
  return {
    ...all,
    filter,
    keys,
    counts: () => countByState(items(), filter().environment, now()),
    region: () =>
      findRegionState({
        count: all.data() === undefined ? null : keys().length,
        isError: all.query.isError,
        isFiltered: isFiltered(filter()) && items().length > 0,
      }),
    apply(next: KeyFilter): void {
      setSearch({ environment: next.environment, state: next.state });
    },
  };
}
