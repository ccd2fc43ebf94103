import * as z from 'zod';

import { sessionSchema } from './session.ts';

/** Seconds; the bounds and the default that the provider documents. */
export const CLIENT_SECRET_TTL = { min: 10, max: 7_200, default: 600 } as const;

/** Body of `POST /v1/realtime/client_secrets`; every field is optional. */
export const clientSecretRequestSchema = z.strictObject({
  expires_after: z
    .strictObject({
      anchor: z.literal('created_at').optional(),
      seconds: z.int().min(CLIENT_SECRET_TTL.min).max(CLIENT_SECRET_TTL.max).optional(),
    })
    .optional(),
  session: sessionSchema.optional(),
});

/**
 * Its answer. `expires_at` is in unix seconds and is the only expiry to read: the provider's own example has
 * `session.expires_at: 0`.
 */
export const clientSecretResponseSchema = z.looseObject({
  value: z.string().startsWith('ek_').max(4_096),
  expires_at: z.int().positive(),
  session: z.looseObject({ id: z.string().min(1).max(256), type: z.enum(['realtime', 'transcription']) }),
});

export type ClientSecretRequest = z.infer<typeof clientSecretRequestSchema>;
export type ClientSecretResponse = z.infer<typeof clientSecretResponseSchema>;
