import type { Clock } from './context.ts';
import type { Health, HealthContext } from './services/health/check.ts';
import { checkHealth } from './services/health/check.ts';
import { collectMetrics } from './services/metrics/collect.ts';
import type { MetricsContext } from './services/metrics/collect.ts';
import type { MetricFamily } from './services/metrics/families.ts';

/** However often somebody asks, the database is asked so often. */
const KEPT_MS = 1_000;

/** How this deployment does, for those who watch it. */
export type Monitor = {
  readHealth: () => Promise<Health>;
  readMetrics: () => Promise<readonly MetricFamily[]>;
};

/** Values are kept, never promises: on Workers a promise dies with the request that made it. */
function keepShortly<Value>(clock: Clock, read: () => Promise<Value>): () => Promise<Value> {
  let kept: { value: Value; atMs: number } | null = null;
  return async () => {
    const nowMs = clock.now();
    if (kept !== null && nowMs - kept.atMs < KEPT_MS && nowMs >= kept.atMs) return kept.value;
    const value = await read();
    kept = { value, atMs: nowMs };
    return value;
  };
}

export function createMonitor(options: Omit<HealthContext, 'startedAtMs'> & MetricsContext): Monitor {
  const { clock } = options;
  const startedAtMs = clock.now();
  return {
    readHealth: keepShortly(clock, () => checkHealth({ ...options, startedAtMs })),
    readMetrics: keepShortly(clock, () => collectMetrics(options)),
  };
}
