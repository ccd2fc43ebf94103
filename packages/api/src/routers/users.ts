import * as z from 'zod';

import { blockUser, unblockUser } from '../services/users/block.ts';
import { getUser } from '../services/users/get.ts';
import { listUsers } from '../services/users/list.ts';
import { setUserLimits } from '../services/users/set-limits.ts';
import { procedure, router } from '../trpc.ts';
import { budgetUseSchema, limitValueSchema, ownLimitsShape } from './limits-schemas.ts';
import { iso } from './schemas.ts';

const id = z.string().min(1).max(300);

const userSchema = z.object({
  id: z.string(),
  name: z.string().nullable(),
  sessionCount: z.int(),
  openSessions: z.int(),
  spentMicroUsd: z.int(),
  reservedMicroUsd: z.int(),
  firstSeenAt: iso,
  lastSeenAt: iso,
  isBlocked: z.boolean(),
  hasOwnLimits: z.boolean(),
  budget: budgetUseSchema.nullable(),
});

const userDetailSchema = z.object({
  user: userSchema,
  limits: z.object({
    mintsPerMinute: limitValueSchema,
    maxOpenSessions: limitValueSchema,
    maxTtlSeconds: limitValueSchema,
    maxSessionSeconds: limitValueSchema,
  }),
  allowedModels: z.array(z.string()).nullable(),
  blockedReason: z.string().nullable(),
});

export const usersRouter = router({
  list: procedure('users:read')
    .input(
      z
        .strictObject({
          query: z.string().min(1).max(300).optional(),
          state: z.enum(['active', 'blocked']).optional(),
          limit: z.int().min(1).max(100).optional(),
          cursor: z.string().min(1).max(2_100).optional(),
        })
        .prefault({}),
    )
    .output(z.object({ items: z.array(userSchema), nextCursor: z.string().nullable() }))
    .query(({ ctx, input }) => listUsers(ctx, input)),
  get: procedure('users:read')
    .input(z.strictObject({ id }))
    .output(userDetailSchema)
    .query(({ ctx, input }) => getUser(ctx, input)),
  setLimits: procedure('users:write')
    .input(
      z.strictObject({
        id,
        ...ownLimitsShape,
        allowedModels: z.array(z.string().min(1).max(128)).max(64).nullish(),
      }),
    )
    .output(userDetailSchema)
    .mutation(({ ctx, input }) => setUserLimits(ctx, input)),
  block: procedure('users:write')
    .input(z.strictObject({ id, reason: z.string().trim().min(1).max(500) }))
    .output(userDetailSchema)
    .mutation(({ ctx, input }) => blockUser(ctx, input)),
  unblock: procedure('users:write')
    .input(z.strictObject({ id }))
    .output(userDetailSchema)
    .mutation(({ ctx, input }) => unblockUser(ctx, input)),
});
