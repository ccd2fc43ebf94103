import * as z from 'zod';

const status = z.enum(['ok', 'degraded', 'down']);

export const healthSchema = z.object({
  status,
  uptime: z.int().min(0).meta({ description: 'Seconds since this instance started.' }),
  version: z.string(),
  checks: z.object({
    database: z.enum(['ok', 'down']),
    upstream: z
      .enum(['ok', 'degraded', 'down', 'unknown'])
      .meta({ description: 'Whether some provider key is fit. `degraded`: all of them have to wait.' }),
    turn: z
      .enum(['ok', 'down', 'off'])
      .meta({ description: 'Whether TURN credentials can be made. `off`: none is configured.' }),
  }),
});

const familySchema = z.object({
  name: z.string(),
  type: z.enum(['counter', 'gauge', 'summary']),
  help: z.string(),
  samples: z
    .array(
      z.object({
        suffix: z.enum(['_sum', '_count']).optional(),
        labels: z.record(z.string(), z.string()),
        value: z.number(),
      }),
    )
    .readonly(),
});

export const metricsSchema = z.object({ families: z.array(familySchema).readonly() });
