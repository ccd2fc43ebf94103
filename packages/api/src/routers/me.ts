import * as z from 'zod';

import { getMe } from '../services/accounts/get-me.ts';
import { router, userProcedure } from '../trpc.ts';

const meSchema = z.object({
  id: z.string(),
  name: z.string().nullable(),
  email: z.string().nullable(),
  role: z.enum(['user', 'viewer', 'developer', 'operator', 'owner']),
});

export const meRouter = router({
  get: userProcedure.output(meSchema).query(({ ctx }) => getMe(ctx)),
});
