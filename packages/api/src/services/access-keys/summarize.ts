import { accessKeys, users } from '@ephemera/db';
import type { AccessKeyRow } from '@ephemera/db';
import { desc, eq } from 'drizzle-orm';

import type { ServiceContext } from '../../context.ts';
import { AppError } from '../../errors.ts';
import type { AccessKeySummary } from './summary.ts';
import { toAccessKeySummary } from './summary.ts';
import { readKeyUse } from './use.ts';

type Found = { row: AccessKeyRow; creatorName: string | null };

function selectKeys(ctx: ServiceContext) {
  return ctx.database.orm
    .select({ row: accessKeys, creatorName: users.name })
    .from(accessKeys)
    .leftJoin(users, eq(users.id, accessKeys.createdBy));
}

async function summarize(ctx: ServiceContext, found: readonly Found[]): Promise<AccessKeySummary[]> {
  const useOf = await readKeyUse(ctx);
  const nowMs = ctx.clock.now();
  return found.map(({ row, creatorName }) =>
    toAccessKeySummary({ row, creatorName, use: useOf(row.id), nowMs }),
  );
}

/** Throws `not_found`. */
export async function summarizeAccessKey(ctx: ServiceContext, id: string): Promise<AccessKeySummary> {
  const [key] = await summarize(ctx, await selectKeys(ctx).where(eq(accessKeys.id, id)).limit(1));
  if (key === undefined) throw new AppError('not_found', 'There is no such access key.');
  return key;
}

const MAX_LISTED = 1_000;

/** The newest first. */
export async function summarizeAccessKeys(ctx: ServiceContext): Promise<AccessKeySummary[]> {
  const found = await selectKeys(ctx)
    .orderBy(desc(accessKeys.createdAt), desc(accessKeys.id))
    .limit(MAX_LISTED);
  return await summarize(ctx, found);
}
