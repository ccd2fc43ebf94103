import { auditStatement } from '../../audit/record.ts';
import type { ServiceContext } from '../../context.ts';
import { AppError } from '../../errors.ts';
import { countStatement, openRateWindow, requireRoom } from './rate-limit.ts';

/**
 * What becomes of a request whose secret is wrong: counted per address and audited, then refused. Beyond the limit it
 * is only refused, so that a flood fills no audit. Always throws.
 */
export async function refuseInternalCaller(ctx: ServiceContext, input: { address: string }): Promise<never> {
  const window = openRateWindow(ctx.clock, {
    scope: 'internal_refused',
    subject: input.address,
    limit: ctx.settings.internal.refusalsPerMinute,
  });
  const [counted] = await ctx.database.writeAll([
    countStatement(window),
    auditStatement(ctx, {
      action: 'provider_key.read',
      target: null,
      result: 'denied',
      isConditional: true,
    }),
  ]);
  requireRoom(ctx.clock, window, counted);
  throw new AppError('unauthenticated', 'Unauthorized');
}
