import {
  AppError,
  createServiceContext,
  type InternalSecrets,
  type MetricFamily,
  readMetrics,
} from '@ephemera/api';

import { authenticate } from '../http/authenticate.ts';
import type { EdgeContext } from '../http/edge-context.ts';
import { chooseMetricsFormat, formatMetrics, METRICS_TYPES } from './metrics-format.ts';
import { requestInfo, type RouteDependencies } from './route-dependencies.ts';

export type MetricsDependencies = RouteDependencies & {
  /** METRICS_TOKEN; null: there is none. */
  metricsToken: InternalSecrets | null;
};

/** In the format that the scraper asks for. */
function answerMetrics(c: EdgeContext, families: readonly MetricFamily[]): Response {
  const format = chooseMetricsFormat(c.req.header('accept'));
  return new Response(formatMetrics(families, format), {
    headers: { ...c.get('answerHeaders'), 'content-type': METRICS_TYPES[format] },
  });
}

async function showsToken(c: EdgeContext, { metricsToken }: MetricsDependencies): Promise<boolean> {
  return metricsToken !== null && (await metricsToken.find(c.req.header('authorization'))) !== null;
}

/** `GET /metrics`: what the database knows, for Prometheus and its kin, behind a secret of its own. */
export function createMetricsRoute(deps: MetricsDependencies) {
  return async (c: EdgeContext): Promise<Response> => {
    if (deps.metricsToken === null) throw new AppError('not_found', 'There is nothing at this address.');
    if (await showsToken(c, deps)) return answerMetrics(c, await deps.api.monitor.readMetrics());
    throw new AppError('unauthenticated', 'This needs the METRICS_TOKEN as a Bearer token.');
  };
}

/** `GET /api/v1/metrics`: the same for a node or an operator as well. */
export function createNetworkMetricsRoute(deps: MetricsDependencies) {
  return async (c: EdgeContext): Promise<Response> => {
    if (await showsToken(c, deps)) return answerMetrics(c, await deps.api.monitor.readMetrics());
    const actor = await authenticate(c, deps.actors);
    return answerMetrics(c, await readMetrics(createServiceContext(deps.api, requestInfo(c, actor))));
  };
}
