import * as z from 'zod';

export { iso } from './schemas.ts';

/** Of an account or a sign-in. */
export const id = z.string().min(1).max(64);
export const memberRole = z.enum(['user', 'viewer', 'developer', 'operator', 'owner']);
// eslint-disable-next-line no-control-regex -- a name with control characters must not reach a log line or a terminal
const ONE_LINE = /^[^\u0000-\u001F\u007F-\u009F]*$/;
export const personName = z.string().trim().min(1).max(100).regex(ONE_LINE);
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
