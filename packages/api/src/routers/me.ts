import * as z from 'zod';

import { getMe } from '../services/accounts/get-me.ts';
import { procedure, router } from '../trpc.ts';
import { budgetUseSchema } from './limits-schemas.ts';

export const meSchema = z.object({
  id: z.string(),
  name: z.string().nullable(),
  email: z.string().nullable(),
  kind: z.enum(['user', 'operator', 'access_key', 'internal', 'node', 'anonymous']),
  role: z.enum(['user', 'viewer', 'developer', 'operator', 'owner']).nullable(),
  scopes: z.array(z.string()),
  twoFactorEnabled: z.boolean(),
  limits: z.object({
    mintsPerMinute: z.int(),
    maxOpenSessions: z.int(),
    maxTtlSeconds: z.int(),
    maxSessionSeconds: z.int(),
    openSessions: z.int(),
    budget: budgetUseSchema.nullable(),
  }),
});

export const meRouter = router({
  get: procedure('me:read')
    .output(meSchema)
    .query(({ ctx }) => getMe(ctx)),
});
