import { createServiceContext, getMe } from '@ephemera/api';

import { authenticate } from '../http/authenticate.ts';
import { answerJson, type EdgeContext } from '../http/edge-context.ts';
import { requestInfo, type RouteDependencies } from './route-dependencies.ts';

/** `GET /v1/me`: who the caller is, what it may do, and what it has left. */
export function createMeRoute({ api, actors }: RouteDependencies) {
  return async (c: EdgeContext): Promise<Response> => {
    const actor = await authenticate(c, actors);
    return answerJson(c, await getMe(createServiceContext(api, requestInfo(c, actor))));
  };
}
