import type { AuditAction } from '../../audit/record.ts';
import { auditStatement } from '../../audit/record.ts';
import { requireScope } from '../../auth/scopes.ts';
import type { ServiceContext } from '../../context.ts';
import { AppError } from '../../errors.ts';
import { summarizeAccessKey } from './summarize.ts';
import type { AccessKeySummary } from './summary.ts';

/** Nothing changes a revoked key. */
const SQL = {
  disable: `update access_keys set disabled_at = coalesce(disabled_at, ?2) where id = ?1 and revoked_at is null`,
  enable: `update access_keys set disabled_at = null where id = ?1 and revoked_at is null`,
  revoke: `update access_keys set revoked_at = coalesce(revoked_at, ?2) where id = ?1`,
} as const;

/** Changes what holds for the next request, in every process. */
export async function changeAccessKeyState(
  ctx: ServiceContext,
  id: string,
  verb: keyof typeof SQL,
): Promise<{ key: AccessKeySummary }> {
  requireScope(ctx, 'access-keys:write');
  const action: AuditAction = `access_key.${verb}`;
  const [changed] = await ctx.database.writeAll([
    { sql: SQL[verb], args: verb === 'enable' ? [id] : [id, ctx.clock.now()] },
    auditStatement(ctx, { action, target: id, result: 'ok', isConditional: true }),
  ]);
  if (changed?.rowsAffected === 1) return { key: await summarizeAccessKey(ctx, id) };
  const { name } = await summarizeAccessKey(ctx, id);
  throw new AppError('conflict', `The key "${name}" was revoked.`);
}
