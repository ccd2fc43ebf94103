import { createChainReader } from '@ephemera/db';
import type { StoredAuditEntry } from '@ephemera/db';

import { requireScope } from '../../auth/scopes.ts';
import type { ServiceContext } from '../../context.ts';

export type ExportPage = { entries: readonly StoredAuditEntry[]; nextSeq: number | null };

const DEFAULT_LIMIT = 500;

/** Entries as they are stored and hashed, the oldest first, so that whoever has them can follow the chain alone. */
export async function exportAudit(
  ctx: ServiceContext,
  input: { afterSeq: number; limit?: number | undefined },
): Promise<ExportPage> {
  requireScope(ctx, 'audit:read');
  const limit = input.limit ?? DEFAULT_LIMIT;
  const entries = await createChainReader(ctx.database)(input.afterSeq, limit);
  return { entries, nextSeq: entries.length < limit ? null : (entries.at(-1)?.seq ?? null) };
}
