import {
  type ApiDependencies,
  AppError,
  collectMetrics,
  type InternalSecrets,
  type MetricFamily,
} from '@ephemera/api';

import type { EdgeContext } from '../http/edge-context.ts';
import { chooseMetricsFormat, formatMetrics, METRICS_TYPES } from './metrics-format.ts';

export type MetricsDependencies = {
  api: ApiDependencies;
  /** METRICS_TOKEN; null: there is no such route. */
  metricsToken: InternalSecrets | null;
};

/** As package.json has it; a test compares. */
export const VERSION = '0.1.0';

/** However often somebody scrapes, the database is asked so often. */
const KEPT_MS = 1_000;

/** `GET /metrics`: what the database knows, for Prometheus and its kin, behind a secret of its own. */
export function createMetricsRoute({ api, metricsToken }: MetricsDependencies) {
  let kept: { families: readonly MetricFamily[]; atMs: number } | null = null;

  async function collect(): Promise<readonly MetricFamily[]> {
    const nowMs = api.clock.now();
    if (kept !== null && nowMs - kept.atMs < KEPT_MS && nowMs >= kept.atMs) return kept.families;
    const families = await collectMetrics(api, VERSION);
    kept = { families, atMs: nowMs };
    return families;
  }

  return async (c: EdgeContext): Promise<Response> => {
    if (metricsToken === null) throw new AppError('not_found', 'There is nothing at this address.');
    if ((await metricsToken.find(c.req.header('authorization'))) === null) {
      throw new AppError('unauthenticated', 'This needs the METRICS_TOKEN as a Bearer token.');
    }
    const format = chooseMetricsFormat(c.req.header('accept'));
    return new Response(formatMetrics(await collect(), format), {
      headers: { ...c.get('answerHeaders'), 'content-type': METRICS_TYPES[format] },
    });
  };
}
