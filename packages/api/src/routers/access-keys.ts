import * as z from 'zod';

import { createAccessKey } from '../services/access-keys/create.ts';
import { disableAccessKey } from '../services/access-keys/disable.ts';
import { enableAccessKey } from '../services/access-keys/enable.ts';
import { getAccessKey } from '../services/access-keys/get.ts';
import { listAccessKeys } from '../services/access-keys/list.ts';
import { revokeAccessKey } from '../services/access-keys/revoke.ts';
import { rotateAccessKey } from '../services/access-keys/rotate.ts';
import { updateAccessKey } from '../services/access-keys/update.ts';
import { procedure, router, sensitiveProcedure } from '../trpc.ts';
import {
  accessKeyIdSchema,
  accessKeyListSchema,
  accessKeySummarySchema,
  createAccessKeySchema,
  revokeAccessKeySchema,
  rotateAccessKeySchema,
  updateAccessKeySchema,
} from './access-keys-schemas.ts';

const oneKey = z.object({ key: accessKeySummarySchema });

export const accessKeysRouter = router({
  list: procedure('access-keys:read')
    .output(accessKeyListSchema)
    .query(({ ctx }) => listAccessKeys(ctx)),
  get: procedure('access-keys:read')
    .input(accessKeyIdSchema)
    .output(oneKey)
    .query(({ ctx, input }) => getAccessKey(ctx, input)),
  create: sensitiveProcedure('access-keys:write')
    .input(createAccessKeySchema)
    .output(z.object({ key: accessKeySummarySchema, secret: z.string() }))
    .mutation(({ ctx, input }) => createAccessKey(ctx, input)),
  update: procedure('access-keys:write')
    .input(updateAccessKeySchema)
    .output(oneKey)
    .mutation(({ ctx, input }) => updateAccessKey(ctx, input)),
  rotate: sensitiveProcedure('access-keys:write')
    .input(rotateAccessKeySchema)
    .output(z.object({ key: accessKeySummarySchema, old: accessKeySummarySchema, secret: z.string() }))
    .mutation(({ ctx, input }) => rotateAccessKey(ctx, input)),
  disable: procedure('access-keys:write')
    .input(accessKeyIdSchema)
    .output(oneKey)
    .mutation(({ ctx, input }) => disableAccessKey(ctx, input)),
  enable: procedure('access-keys:write')
    .input(accessKeyIdSchema)
    .output(oneKey)
    .mutation(({ ctx, input }) => enableAccessKey(ctx, input)),
  revoke: procedure('access-keys:write')
    .input(revokeAccessKeySchema)
    .output(oneKey)
    .mutation(({ ctx, input }) => revokeAccessKey(ctx, input)),
});
