import type { Actor, ActorResolver, ApiDependencies, RequestInfo } from '@ephemera/api';

import type { EdgeContext } from '../http/edge-context.ts';
import { readRemoteNetwork } from '../http/remote-address.ts';

/** What the routes that act for a caller share. */
export type RouteDependencies = { api: ApiDependencies; actors: ActorResolver };

/** Who asks, from where and under which id; on Workers also the means to finish work after the caller has gone. */
export function requestInfo(c: EdgeContext, actor: Actor): RequestInfo {
  const { waitUntil } = c.env;
  const network = readRemoteNetwork(c);
  return {
    actor,
    requestId: c.get('requestId'),
    ipPrefix: network?.prefix ?? null,
    address: network?.subject ?? null,
    ...(waitUntil === undefined ? {} : { waitUntil }),
  };
}
