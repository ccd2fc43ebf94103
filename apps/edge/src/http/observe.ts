import type { Logger } from '@ephemera/api';
import type { MiddlewareHandler } from 'hono';

import type { Cors } from './cors.ts';
import type { EdgeContext, EdgeEnv } from './edge-context.ts';
import type { Network } from './networks.ts';
import { chooseRequestId } from './request-id.ts';
import { createRequestLog } from './request-log.ts';
import { DATA_HEADERS } from './security-headers.ts';

export type ObserveOptions = {
  logger: Logger;
  cors: Cors;
  /** Whether errors may say more than a stranger should know. */
  showsDetails: boolean;
  trustedProxies: readonly Network[];
};

/** Most callers are programs and send none: they wait for nobody. */
const NO_ORIGIN = { vary: 'Origin' };

/** The one middleware: an id, the fields of every answer, preflights, and one log line. */
export function observe({
  logger,
  cors,
  showsDetails,
  trustedProxies,
}: ObserveOptions): MiddlewareHandler<EdgeEnv> {
  const logRequest = createRequestLog(logger, Date.now);
  return async (c, next) => {
    const startedAt = performance.now();
    const origin = c.req.header('origin');
    const requestId = chooseRequestId(c.req.header('x-request-id'));
    c.set('requestId', requestId);
    c.set('trustedProxies', trustedProxies);
    c.set('note', {});
    c.set('showsDetails', showsDetails);
    const corsHeaders = origin === undefined ? NO_ORIGIN : await cors.headersFor(origin);
    c.set('answerHeaders', { ...DATA_HEADERS, ...corsHeaders, 'x-request-id': requestId });
    if (isPreflight(c)) c.res = await answerPreflight(c, cors);
    else await next();
    logRequest({
      requestId,
      method: c.req.method,
      path: c.req.path,
      status: c.res.status,
      durationMs: performance.now() - startedAt,
      note: c.get('note'),
    });
  };
}

function isPreflight(c: EdgeContext): boolean {
  return c.req.method === 'OPTIONS' && c.req.header('access-control-request-method') !== undefined;
}

async function answerPreflight(c: EdgeContext, cors: Cors): Promise<Response> {
  const requestedHeaders = c.req.header('access-control-request-headers');
  const headers = await cors.preflight({ origin: c.req.header('origin'), requestedHeaders });
  return new Response(null, { status: 204, headers: { ...c.get('answerHeaders'), ...headers } });
}
