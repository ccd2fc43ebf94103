import { auditStatement } from '../../audit/record.ts';
import type { ServiceContext } from '../../context.ts';
import { AppError } from '../../errors.ts';
import type { AdmissionRequest } from '../../limits/plan-admission.ts';
import { countStatement, openRateWindow } from '../internal/rate-limit.ts';

/**
 * A refused mint is audited before it is answered. A caller that is refused again and again fills no audit: beyond so
 * many a minute it is only refused. Always throws the refusal.
 */
export async function auditDenial(
  ctx: ServiceContext,
  request: AdmissionRequest,
  refusal: AppError,
): Promise<never> {
  if (!ctx.refusals.takeAudit(request)) throw refusal;
  const window = openRateWindow(ctx.clock, {
    scope: 'mint_refused',
    subject: request.ownerId,
    limit: ctx.settings.internal.refusalsPerMinute,
  });
  const entry = auditStatement(ctx, {
    action: 'token.mint',
    target: request.ownerId,
    result: 'denied',
    details: { code: refusal.code, model: request.model },
    isConditional: true,
  });
  try {
    await ctx.database.writeAll([countStatement(window), entry]);
  } catch (cause) {
    throw new AppError('unavailable', 'The mint was refused, and the refusal could not be recorded.', {
      cause,
      details: { retryAfterSeconds: 1 },
    });
  }
  throw refusal;
}
