import { countSessionUses, providerKeys } from '@ephemera/db';
import type { ProviderKeyRow } from '@ephemera/db';
import { asc, eq } from 'drizzle-orm';

import type { ServiceContext } from '../../context.ts';
import { addEnvironmentKeyStatement } from '../../pool/load-keys.ts';

async function readRows(ctx: ServiceContext, provider: string | undefined): Promise<ProviderKeyRow[]> {
  return await ctx.database.orm
    .select()
    .from(providerKeys)
    .where(provider === undefined ? undefined : eq(providerKeys.provider, provider))
    .orderBy(asc(providerKeys.provider), asc(providerKeys.id));
}

/** Gives the environment's keys their rows where they are missing; whoever asks first does, be it a mint or a reader. */
export async function addEnvironmentRows(
  ctx: ServiceContext,
  provider: string | undefined,
  rows: readonly { provider: string; fingerprint: string }[],
): Promise<boolean> {
  const environment = await ctx.keySecrets.listEnvironment();
  const isMissing = (key: (typeof environment)[number]): boolean =>
    (provider === undefined || key.provider === provider) &&
    !rows.some((row) => row.provider === key.provider && row.fingerprint === key.fingerprint);
  const missing = environment.filter(isMissing);
  if (missing.length === 0) return false;
  await ctx.database.writeAll(missing.map((key) => addEnvironmentKeyStatement(key, ctx.clock.now())));
  return true;
}

/** The rows of all keys, or of one provider's, with the uses that sessions are. */
export async function listKeyRows(
  ctx: ServiceContext,
  provider: string | undefined,
): Promise<ProviderKeyRow[]> {
  await countSessionUses(ctx.database);
  const rows = await readRows(ctx, provider);
  return (await addEnvironmentRows(ctx, provider, rows)) ? await readRows(ctx, provider) : rows;
}
