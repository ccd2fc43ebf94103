import { auditStatement } from '../../audit/record.ts';
import type { Scope } from '../../auth/scopes.ts';
import { ownerIdOf, requireScope } from '../../auth/scopes.ts';
import type { ServiceContext } from '../../context.ts';
import { AppError } from '../../errors.ts';
import { countStatement, openRateWindow } from '../internal/rate-limit.ts';

type Denied = { ownerId: string; model?: string };

/** False where the caller has as many entries of this minute as it gets. */
async function writeEntry(
  ctx: ServiceContext,
  ownerId: string,
  { limit, details }: { limit: number; details: Record<string, unknown> },
): Promise<boolean> {
  const window = openRateWindow(ctx.clock, { scope: 'mint_refused', subject: ownerId, limit });
  const entry = auditStatement(ctx, {
    action: 'token.mint',
    target: ownerId,
    result: 'denied',
    details,
    isConditional: true,
  });
  const [counted] = await ctx.database.writeAll([countStatement(window), entry]);
  return counted?.rowsAffected === 1;
}

/**
 * A refused mint is audited before it is answered. A caller that is refused again and again fills no audit: beyond so
 * many a minute one more entry says that there are more, and then it is only refused. Always throws the refusal.
 */
export async function auditDenial(
  ctx: ServiceContext,
  { ownerId, model }: Denied,
  refusal: AppError,
): Promise<never> {
  if (!ctx.refusals.takeAudit({ ownerId, nowMs: ctx.clock.now() })) throw refusal;
  const limit = ctx.settings.internal.refusalsPerMinute;
  const details = { code: refusal.code, ...(model === undefined ? {} : { model }) };
  try {
    const isWritten = await writeEntry(ctx, ownerId, { limit, details });
    if (!isWritten)
      await writeEntry(ctx, ownerId, { limit: limit + 1, details: { ...details, andMore: true } });
  } catch (cause) {
    throw new AppError('unavailable', 'The mint was refused, and the refusal could not be recorded.', {
      cause,
      details: { retryAfterSeconds: 1 },
    });
  }
  throw refusal;
}

/** As `requireScope`; that somebody known may not mint is audited as any other refused mint. */
export async function requireAuditedScope(ctx: ServiceContext, scope: Scope): Promise<void> {
  try {
    requireScope(ctx, scope);
  } catch (error) {
    const isMint = scope === 'tokens:mint' && ctx.actor.kind !== 'anonymous';
    if (isMint && error instanceof AppError) await auditDenial(ctx, { ownerId: ownerIdOf(ctx.actor) }, error);
    throw error;
  }
}
