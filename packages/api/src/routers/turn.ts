import * as z from 'zod';

import { issueTurnCredentials } from '../services/turn/issue.ts';
import { procedure, router } from '../trpc.ts';
import { iso } from './schemas.ts';

const iceServerSchema = z.object({
  urls: z.array(z.string()),
  username: z.string().optional(),
  credential: z.string().optional(),
});

export const turnRouter = router({
  issue: procedure('turn:issue')
    .input(z.strictObject({ ttlSeconds: z.int().min(1).max(172_800).optional() }).prefault({}))
    .output(
      z.object({
        provider: z.string(),
        iceServers: z.array(iceServerSchema),
        expiresAt: iso,
        ttl: z.int(),
        revocable: z.boolean(),
        midSessionExpiry: z.enum(['disconnects', 'survives']),
      }),
    )
    .mutation(async ({ ctx, input }) => {
      const { ttlSeconds, expiresAt, ...issued } = await issueTurnCredentials(ctx, input);
      return { ...issued, ttl: ttlSeconds, expiresAt: expiresAt.toISOString() };
    }),
});
