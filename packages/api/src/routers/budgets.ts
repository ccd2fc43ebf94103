import * as z from 'zod';

import { listBudgets } from '../services/budgets/list.ts';
import { removeBudget } from '../services/budgets/remove.ts';
import { setDeploymentLimits } from '../services/budgets/set-limits.ts';
import { setBudget } from '../services/budgets/set.ts';
import { procedure, router } from '../trpc.ts';
import { budgetUseSchema, deploymentLimitsShape, limitValueSchema } from './limits-schemas.ts';
import { iso } from './schemas.ts';

const scope = z.enum(['project', 'default_user', 'user', 'access_key']);
/** Whose it is; empty for `project` and `default_user`. */
const subject = z.string().max(300);
/** A billion dollars. */
const MAX_MICRO_USD = 1_000_000_000_000_000;

const budgetListSchema = z.object({
  items: z.array(
    budgetUseSchema.extend({
      scope,
      subject: z.string(),
      name: z.string().nullable(),
      updatedAt: iso,
      updatedBy: z.string(),
    }),
  ),
  limits: z.object({
    mintsPerMinute: limitValueSchema,
    mintsPerMinutePerAddress: limitValueSchema,
    maxOpenSessions: limitValueSchema,
    maxTtlSeconds: limitValueSchema,
    maxSessionSeconds: limitValueSchema,
  }),
});

export const budgetsRouter = router({
  list: procedure('budgets:read')
    .output(budgetListSchema)
    .query(({ ctx }) => listBudgets(ctx)),
  set: procedure('budgets:write')
    .input(
      z.strictObject({
        scope,
        subject,
        limitMicroUsd: z.int().min(0).max(MAX_MICRO_USD),
        period: z.enum(['daily', 'weekly', 'monthly']),
        timeZone: z.string().min(1).max(64),
        action: z.enum(['block', 'warn']),
      }),
    )
    .output(budgetListSchema)
    .mutation(({ ctx, input }) => setBudget(ctx, input)),
  remove: procedure('budgets:write')
    .input(z.strictObject({ scope, subject }))
    .output(budgetListSchema)
    .mutation(({ ctx, input }) => removeBudget(ctx, input)),
  setLimits: procedure('budgets:write')
    .input(z.strictObject(deploymentLimitsShape))
    .output(budgetListSchema)
    .mutation(({ ctx, input }) => setDeploymentLimits(ctx, input)),
});
