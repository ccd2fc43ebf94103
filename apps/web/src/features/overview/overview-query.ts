import { useQuery } from '@tanstack/solid-query';
import { createMemo } from 'solid-js';

import { useApi } from '../../api/context.tsx';
import { findData } from '../../api/find-data.ts';
import { dayOf, startOfDay } from '../../i18n/calendar-day.ts';

export const POLL_SECONDS = 15;
const HOUR_MS = 3_600_000;

/** Everything on the page, asked anew while it is seen. Today is the reader's own day. */
export function createOverview(now: () => number) {
  const { trpc } = useApi();
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
  const hour = createMemo(() => Math.floor(now() / HOUR_MS) * HOUR_MS);
  const refetchInterval = POLL_SECONDS * 1_000;
  const query = useQuery(() => ({ ...trpc.overview.get.queryOptions({ timeZone }), refetchInterval }));
  // The overview has one sum; how much of it is a guess stands in the day's usage. Both travel in one request.
  const usage = useQuery(() => ({
    ...trpc.usage.series.queryOptions({
      from: startOfDay(dayOf(new Date(hour()), 'local'), 'local').toISOString(),
      to: new Date(hour() + HOUR_MS).toISOString(),
      interval: 'day',
      timeZone,
      groupBy: 'none',
    }),
    refetchInterval,
  }));
  return {
    query,
    data: () => findData(query),
    today: () => findData(usage)?.totals ?? null,
    refetch: () => {
      void query.refetch();
      void usage.refetch();
    },
  };
}

export type OverviewModel = ReturnType<typeof createOverview>;
