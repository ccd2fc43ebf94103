import { CLIENT_SECRET_TTL, sessionSchema } from '@ephemera/realtime-protocol';
import * as z from 'zod';

import { createToken } from '../services/tokens/create.ts';
import { procedure, router } from '../trpc.ts';
import { iso, rateLimitSchema } from './schemas.ts';

const issuedTokenSchema = z.object({
  value: z.string(),
  expiresAt: iso,
  serverTime: iso,
  sessionId: z.string(),
  providerSessionId: z.string(),
  callsUrl: z.string(),
  model: z.string().nullable(),
  session: z.record(z.string(), z.unknown()),
  warnings: z.array(z.object({ code: z.string(), message: z.string() })),
  rateLimit: rateLimitSchema.optional(),
});

export const tokensRouter = router({
  create: procedure('tokens:mint')
    .input(
      z
        .strictObject({
          ttlSeconds: z.int().min(CLIENT_SECRET_TTL.min).max(CLIENT_SECRET_TTL.max).optional(),
          session: sessionSchema.optional(),
        })
        .prefault({}),
    )
    .output(issuedTokenSchema)
    .mutation(async ({ ctx, input }) => {
      const token = await createToken(ctx, input);
      return {
        value: token.secret.value,
        expiresAt: token.expiresAt.toISOString(),
        serverTime: new Date(ctx.clock.now()).toISOString(),
        sessionId: token.sessionId,
        providerSessionId: token.secret.session.id,
        callsUrl: token.callsUrl,
        model: token.model,
        session: token.secret.session,
        warnings: token.warnings,
        rateLimit: token.rateLimit,
      };
    }),
});
