import { requireScope } from '../../auth/scopes.ts';
import type { ServiceContext } from '../../context.ts';
import { LIST_SQL, toMember } from './summary.ts';
import type { MemberSummary } from './summary.ts';

/** Everybody with an account here, by name. */
export async function listMembers(ctx: ServiceContext): Promise<{ items: MemberSummary[] }> {
  requireScope(ctx, 'members:read');
  const rows = await ctx.database.read(LIST_SQL);
  return { items: rows.map((row) => toMember(ctx, row)) };
}
