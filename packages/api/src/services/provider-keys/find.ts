import type { ProviderKeyRow } from '@ephemera/db';
import { providerKeys } from '@ephemera/db';
import { eq } from 'drizzle-orm';

import type { ServiceContext } from '../../context.ts';
import { AppError } from '../../errors.ts';

export async function findProviderKey(ctx: ServiceContext, id: string): Promise<ProviderKeyRow | null> {
  const [row] = await ctx.database.orm.select().from(providerKeys).where(eq(providerKeys.id, id)).limit(1);
  return row ?? null;
}

export async function getProviderKeyRow(ctx: ServiceContext, id: string): Promise<ProviderKeyRow> {
  const row = await findProviderKey(ctx, id);
  if (row === null) throw new AppError('not_found', 'There is no such provider key.');
  return row;
}
