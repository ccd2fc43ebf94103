import type { Actor, ActorResolver, ApiDependencies, RequestInfo } from '@ephemera/api';

import type { EdgeContext } from '../http/edge-context.ts';

/** What the routes that act for a caller share. */
export type RouteDependencies = { api: ApiDependencies; actors: ActorResolver };

/**
 * Who asks, under which id; on Workers also the means to finish work after the caller has gone. From where is told by
 * the routes that audit alone.
 */
export function requestInfo(c: EdgeContext, actor: Actor, ipPrefix: string | null = null): RequestInfo {
  const { waitUntil } = c.env;
  return {
    actor,
    requestId: c.get('requestId'),
    ipPrefix,
    ...(waitUntil === undefined ? {} : { waitUntil }),
  };
}
