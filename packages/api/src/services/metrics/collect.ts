import { countSessionUses } from '@ephemera/db';

import type { ApiDependencies } from '../../context.ts';
import type { MetricFamily } from './families.ts';
import { gauge } from './families.ts';
import { collectNodes } from './nodes.ts';
import { collectOperations } from './operations.ts';
import { collectSessions } from './sessions.ts';

export type MetricsContext = Pick<ApiDependencies, 'database' | 'clock'> & {
  version: string;
  /** Between two signs of life of a node. */
  heartbeatSeconds: number;
};

const BUILD = { name: 'broker_build_info', help: 'The version that runs.' };

/**
 * What the database knows, as metrics: instances that share it tell the same. Counters begin anew with each UTC day, so
 * that no question grows with the age of the database; a rate over them is right all the same.
 */
export async function collectMetrics(ctx: MetricsContext): Promise<MetricFamily[]> {
  await countSessionUses(ctx.database);
  return [
    gauge(BUILD, [{ labels: { version: ctx.version }, value: 1 }]),
    ...(await collectSessions(ctx)),
    ...(await collectOperations(ctx)),
    ...(await collectNodes(ctx)),
  ];
}
