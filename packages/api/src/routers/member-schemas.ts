import * as z from 'zod';

import { personName } from '../auth/person-name.ts';

export { iso } from './schemas.ts';

/** Of an account or a sign-in. */
export const id = z.string().min(1).max(64);
export const memberRole = z.enum(['user', 'viewer', 'developer', 'operator', 'owner']);
/** Its one spelling is made by the verb. */
export const emailSchema = z
  .string()
  .max(320)
  .transform((value) => value.normalize('NFKC').trim())
  .pipe(z.email());
/** Judged by the verb, which says why. */
export const newPassword = z.string().min(1).max(1_024);

export const setupSchema = z.strictObject({
  token: z.string().min(1).max(1_024),
  name: personName,
  email: emailSchema,
  password: newPassword,
});
