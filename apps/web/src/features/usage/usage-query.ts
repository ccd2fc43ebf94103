import { useSearchParams } from '@solidjs/router';
import { keepPreviousData, useQuery } from '@tanstack/solid-query';
import { createMemo } from 'solid-js';

import { useApi } from '../../api/context.tsx';
import { findData } from '../../api/find-data.ts';
import { findRegionState } from '../../ui/region-state.ts';
import type { UsageSeries } from './usage-types.ts';
import { createUsageInput, isRunning } from './usage-span.ts';
import { findUsualSort, isUsualRange, parseUsageView, toUsageSearch } from './usage-view.ts';
import type { UsageSearch, UsageView } from './usage-view.ts';

const POLL_MS = 60_000;

export type ShownUsage = Pick<UsageView, 'group' | 'interval' | 'range'> & {
  series: UsageSeries;
  timeZone: string;
};

/** The view is what the address says, and the numbers are what the server has for it. */
export function createUsageModel(now: () => number) {
  const { trpc } = useApi();
  const [search, setSearch] = useSearchParams<UsageSearch>();
  const view = createMemo(() => parseUsageView(search));
  const timeZone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const minute = createMemo(() => Math.floor(now() / POLL_MS));
  const input = () => createUsageInput(view(), { nowMs: minute() * POLL_MS, timeZone });
  const query = useQuery(() => ({
    ...trpc.usage.series.queryOptions(input()),
    refetchInterval: POLL_MS,
    placeholderData: keepPreviousData,
  }));
  const data = () => findData(query);
  /** Numbers and what they are split by belong together: while others load, both are still the old ones. */
  const shown = createMemo<ShownUsage | null>((before) => {
    const series = data();
    if (series === undefined) return null;
    if (query.isPlaceholderData && before !== null) return before;
    const { group, interval, zone, range } = view();
    return { series, group, interval, range, timeZone: zone === 'utc' ? 'UTC' : timeZone };
  }, null);
  return {
    query,
    shown,
    view,
    timeZone,
    isRunning: () => isRunning(input(), now()),
    region: () =>
      findRegionState({
        count: data()?.groups.length ?? null,
        isError: query.isError,
        isFiltered: !isUsualRange(view()),
      }),
    refetch: () => void query.refetch(),
    change(part: Partial<UsageView>): void {
      const sort = part.group === undefined ? view().sort : findUsualSort(part.group);
      setSearch(toUsageSearch({ ...view(), sort, ...part }), { replace: true });
    },
  };
}

export type UsageModel = ReturnType<typeof createUsageModel>;
