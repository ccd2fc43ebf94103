import { QueryCache, QueryClient } from '@tanstack/solid-query';

import type { Api } from './api.ts';
import { isSignedOut, isWorthRetrying } from './ui-error.ts';

/** One query client for the app. A 401 anywhere asks anew who is signed in, which leads to the sign-in page. */
export function createQueries(api: Api): QueryClient {
  const viewerKey = api.trpc.me.get.queryKey();
  const queries: QueryClient = new QueryClient({
    queryCache: new QueryCache({
      onError(error, query) {
        const isViewer = JSON.stringify(query.queryKey) === JSON.stringify(viewerKey);
        if (isSignedOut(error) && !isViewer) void queries.resetQueries({ queryKey: viewerKey });
      },
    }),
    defaultOptions: {
      queries: {
        retry: (failures, error) => failures < 1 && isWorthRetrying(error),
        retryDelay: 600,
        staleTime: 2_000,
      },
    },
  });
  return queries;
}
