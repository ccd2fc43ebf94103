import { countSessionUses, providerKeys } from '@ephemera/db';
import type { ProviderKeyRow } from '@ephemera/db';
import { asc, eq } from 'drizzle-orm';

import type { ServiceContext } from '../../context.ts';
import { readWithEnvironment } from '../../pool/environment-rows.ts';

async function readRows(ctx: ServiceContext, provider: string | undefined): Promise<ProviderKeyRow[]> {
  return await ctx.database.orm
    .select()
    .from(providerKeys)
    .where(provider === undefined ? undefined : eq(providerKeys.provider, provider))
    .orderBy(asc(providerKeys.provider), asc(providerKeys.id));
}

/** The rows of all keys, or of one provider's, with the uses that sessions are. */
export async function listKeyRows(
  ctx: ServiceContext,
  provider: string | undefined,
): Promise<ProviderKeyRow[]> {
  await countSessionUses(ctx.database);
  return await readWithEnvironment(ctx, { provider, read: () => readRows(ctx, provider) });
}
