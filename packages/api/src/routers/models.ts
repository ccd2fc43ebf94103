import * as z from 'zod';

import { listModels } from '../services/models/list.ts';
import { procedure, router } from '../trpc.ts';

const usd = z.number();

const tokenPricesSchema = z.object({
  unit: z.literal('usd_per_million_tokens'),
  text: z.object({ input: usd, cachedInput: usd.nullable(), output: usd }),
  audio: z.object({ input: usd, cachedInput: usd.nullable(), output: usd.nullable() }),
  image: z.object({ input: usd, cachedInput: usd }).nullable(),
});

const minutePriceSchema = z.object({ unit: z.literal('usd_per_minute'), audio: usd });

const modelSchema = z.object({
  id: z.string(),
  kind: z.enum(['realtime', 'transcription']),
  isDefault: z.boolean(),
  voices: z.array(z.string()),
  shutdownAt: z.iso.date().nullable(),
  replacement: z.string().nullable(),
  prices: z.discriminatedUnion('unit', [tokenPricesSchema, minutePriceSchema]).nullable(),
});

export const modelsRouter = router({
  list: procedure('models:read')
    .output(z.object({ defaultModel: z.string(), models: z.array(modelSchema) }))
    .query(({ ctx }) => listModels(ctx)),
});
