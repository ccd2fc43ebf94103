import { getHealth } from '../services/health/get.ts';
import { readMetrics } from '../services/metrics/read.ts';
import { procedure, publicProcedure, router } from '../trpc.ts';
import { healthSchema, metricsSchema } from './monitoring-schemas.ts';

export const monitoringRouter = router({
  health: publicProcedure.output(healthSchema).query(({ ctx }) => getHealth(ctx)),
  metrics: procedure('metrics:read')
    .output(metricsSchema)
    .query(async ({ ctx }) => ({ families: await readMetrics(ctx) })),
});
