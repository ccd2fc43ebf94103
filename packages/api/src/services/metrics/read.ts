import { requireScope } from '../../auth/scopes.ts';
import type { ServiceContext } from '../../context.ts';
import type { MetricFamily } from './families.ts';

/** For a node or an operator. */
export async function readMetrics(ctx: ServiceContext): Promise<readonly MetricFamily[]> {
  requireScope(ctx, 'metrics:read');
  return await ctx.monitor.readMetrics();
}
