import * as z from 'zod';

import { getOverview } from '../services/overview/get.ts';
import { procedure, router } from '../trpc.ts';
import { budgetUseSchema, iso } from './schemas.ts';

const count = z.int();

const attentionSchema = z.object({
  kind: z.enum([
    'provider_key_quarantined',
    'provider_key_exhausted',
    'no_healthy_key',
    'budget_used_up',
    'budget_low',
    'user_budget_used_up',
    'user_budget_low',
    'access_key_budget_used_up',
    'access_key_budget_low',
    'access_key_expires',
    'unknown_costs',
  ]),
  target: z.string().nullable(),
  name: z.string().nullable(),
  detail: z.string(),
  budget: budgetUseSchema.nullable(),
});

const codeSchema = z.object({ code: z.string(), count, lastAt: iso });

const overviewSchema = z.object({
  openSessions: count,
  mints24h: count,
  failed24h: count,
  refused24h: count,
  isRefusedAtLeast: z.boolean(),
  mintP50Ms: z.number().nullable(),
  mintP95Ms: z.number().nullable(),
  spentTodayMicroUsd: count,
  unknownCosts24h: count,
  budget: budgetUseSchema.nullable(),
  keysHealthy: count,
  keysTotal: count,
  hours: z.array(z.object({ start: iso, issued: count, failed: count, refused: count })),
  attention: z.array(attentionSchema),
  recentErrors: z.array(codeSchema),
  refusals: z.array(codeSchema),
  steps: z.object({ hasKey: z.boolean(), hasMint: z.boolean(), hasCall: z.boolean() }),
});

export const overviewRouter = router({
  get: procedure('usage:read')
    .input(z.strictObject({ timeZone: z.string().min(1).max(64) }))
    .output(overviewSchema)
    .query(({ ctx, input }) => getOverview(ctx, input)),
});
