import { appRouter, createServiceContext, toTrpcError } from '@ephemera/api';
import { fetchRequestHandler } from '@trpc/server/adapters/fetch';

import { noteActor, readFacts, refuseMint } from '../http/authenticate.ts';
import { type EdgeContext, withAnswerHeaders } from '../http/edge-context.ts';
import { boundBody } from '../http/read-body.ts';
import { trpcHeaders } from '../http/trpc-headers.ts';
import { requestInfo, type RouteDependencies } from './route-dependencies.ts';

const ENDPOINT = '/trpc';
const MAX_BODY_BYTES = 524_288;
const MAX_BATCH_SIZE = 10;

/** All procedures, for the web app and typed clients. */
export function createTrpcRoute({ api, actors }: RouteDependencies) {
  return async (c: EdgeContext): Promise<Response> => {
    const response = await fetchRequestHandler({
      endpoint: ENDPOINT,
      req: await boundBody(c.req.raw, MAX_BODY_BYTES),
      router: appRouter,
      maxBatchSize: MAX_BATCH_SIZE,
      responseMeta: ({ data, errors }) => ({ headers: trpcHeaders({ data, errors }) }),
      createContext: async () => {
        try {
          const facts = readFacts(c);
          const found = await actors
            .fromHeader(c.req.header('authorization'), facts)
            .catch((error: unknown) =>
              isMint(c.req.path) ? refuseMint(c, api, error) : Promise.reject(error),
            );
          const actor = noteActor(c, found);
          return createServiceContext(api, requestInfo(c, actor));
        } catch (error) {
          throw toTrpcError(error);
        }
      },
    });
    return withAnswerHeaders(c, response.ok ? response : await withRequestId(response, c.get('requestId')));
  };
}

/** Also among others of one batch. */
function isMint(path: string): boolean {
  return path
    .slice(ENDPOINT.length + 1)
    .split(',')
    .includes('tokens.create');
}

/** What is refused before there is a context (a bad token, a wrong type) does not know its request's id yet. */
async function withRequestId(response: Response, requestId: string): Promise<Response> {
  const text = (await response.text()).replaceAll(
    '"requestId":null',
    `"requestId":${JSON.stringify(requestId)}`,
  );
  return new Response(text, { status: response.status, headers: response.headers });
}
