import * as z from 'zod';

import { getUsageSeries } from '../services/usage/series.ts';
import { procedure, router } from '../trpc.ts';
import { iso } from './schemas.ts';

const seriesSchema = z.strictObject({
  from: iso,
  to: iso,
  interval: z.enum(['hour', 'day', 'month']),
  timeZone: z.string().min(1).max(64),
  groupBy: z.enum(['none', 'model', 'user', 'access_key', 'provider_key']),
});

const count = z.int();

const sumsSchema = z.object({
  sessions: count,
  failed: count,
  seconds: z.number(),
  inputTokens: count,
  cachedTokens: count,
  outputTokens: count,
  knownMicroUsd: count,
  estimatedMicroUsd: count,
  unknownCosts: count,
});

const usageSeriesSchema = z.object({
  buckets: z.array(iso),
  groups: z.array(z.object({ id: z.string(), label: z.string(), rows: z.array(sumsSchema) })),
  totals: sumsSchema,
  previous: sumsSchema,
  asOf: iso,
});

export const usageRouter = router({
  series: procedure('usage:read')
    .input(seriesSchema)
    .output(usageSeriesSchema)
    .query(({ ctx, input }) => getUsageSeries(ctx, input)),
});
