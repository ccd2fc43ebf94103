import * as z from 'zod';

import { addProviderKey } from '../services/provider-keys/add.ts';
import { deleteProviderKey } from '../services/provider-keys/delete.ts';
import { disableProviderKey } from '../services/provider-keys/disable.ts';
import { drainProviderKey } from '../services/provider-keys/drain.ts';
import { enableProviderKey } from '../services/provider-keys/enable.ts';
import { getProviderKey } from '../services/provider-keys/get.ts';
import { listProviderKeys } from '../services/provider-keys/list.ts';
import { rewrapStoredKeys } from '../services/provider-keys/rewrap-stored.ts';
import { rotateProviderKey } from '../services/provider-keys/rotate.ts';
import { testCandidateKey } from '../services/provider-keys/test-candidate.ts';
import { testProviderKey } from '../services/provider-keys/test.ts';
import { getUsageSeries } from '../services/provider-keys/usage-series.ts';
import { procedure, router, sensitiveProcedure } from '../trpc.ts';
import {
  addKeySchema,
  deleteKeySchema,
  drainKeySchema,
  keyEventsSchema,
  keyIdSchema,
  keyListSchema,
  keySummarySchema,
  listKeysSchema,
  rewrapOutcomeSchema,
  rewrapSchema,
  rotateKeySchema,
  testCandidateSchema,
  testResultSchema,
  usageSchema,
  usageSeriesSchema,
} from './keys-schemas.ts';

const changedKey = z.object({ key: keySummarySchema });

export const keysRouter = router({
  list: procedure('keys:read')
    .input(listKeysSchema)
    .output(keyListSchema)
    .query(({ ctx, input }) => listProviderKeys(ctx, input)),
  get: procedure('keys:read')
    .input(keyIdSchema)
    .output(z.object({ key: keySummarySchema, events: keyEventsSchema }))
    .query(({ ctx, input }) => getProviderKey(ctx, input)),
  add: sensitiveProcedure('keys:write')
    .input(addKeySchema)
    .output(z.object({ key: keySummarySchema, test: testResultSchema.nullable() }))
    .mutation(({ ctx, input }) => addProviderKey(ctx, input)),
  test: procedure('keys:write')
    .input(keyIdSchema)
    .output(z.object({ key: keySummarySchema, test: testResultSchema }))
    .mutation(({ ctx, input }) => testProviderKey(ctx, input)),
  testCandidate: procedure('keys:write')
    .input(testCandidateSchema)
    .output(testResultSchema)
    .mutation(({ ctx, input }) => testCandidateKey(ctx, input)),
  rotate: sensitiveProcedure('keys:write')
    .input(rotateKeySchema)
    .output(z.object({ key: keySummarySchema, old: keySummarySchema, test: testResultSchema.nullable() }))
    .mutation(({ ctx, input }) => rotateProviderKey(ctx, input)),
  disable: procedure('keys:write')
    .input(keyIdSchema)
    .output(changedKey)
    .mutation(({ ctx, input }) => disableProviderKey(ctx, input)),
  enable: procedure('keys:write')
    .input(keyIdSchema)
    .output(changedKey)
    .mutation(({ ctx, input }) => enableProviderKey(ctx, input)),
  drain: procedure('keys:write')
    .input(drainKeySchema)
    .output(changedKey)
    .mutation(({ ctx, input }) => drainProviderKey(ctx, input)),
  delete: procedure('keys:write')
    .input(deleteKeySchema)
    .output(z.object({ ok: z.literal(true) }))
    .mutation(({ ctx, input }) => deleteProviderKey(ctx, input)),
  usage: procedure('keys:read')
    .input(usageSchema)
    .output(usageSeriesSchema)
    .query(({ ctx, input }) => getUsageSeries(ctx, input)),
  rewrap: procedure('keys:write')
    .input(rewrapSchema)
    .output(rewrapOutcomeSchema)
    .mutation(async ({ ctx, input }) => {
      const { failed, ...counts } = await rewrapStoredKeys(ctx, input);
      return { ...counts, failed: [...failed] };
    }),
});
