import type { AuditEntry } from '../../audit/record.ts';
import { auditStatement } from '../../audit/record.ts';
import type { ServiceContext } from '../../context.ts';
import type { RateWindow } from './rate-limit.ts';
import { countStatement, openRateWindow, requireRoom } from './rate-limit.ts';

type CountedRead = Omit<RateWindow, 'startMs'> & Pick<AuditEntry, 'result' | 'details'>;

/**
 * Counts and audits a request for keys in one commit: no key leaves without its entry, and beyond the limit nothing is
 * audited, so that a flood fills no audit. Throws `rate_limited`; else says which request of this minute it was.
 */
export async function countRead(
  ctx: ServiceContext,
  { scope, subject, limit, ...entry }: CountedRead,
): Promise<number> {
  const window = openRateWindow(ctx.clock, { scope, subject, limit });
  const [counted] = await ctx.database.writeAll([
    countStatement(window),
    auditStatement(ctx, { action: 'provider_key.read', target: null, ...entry, isConditional: true }),
  ]);
  return requireRoom(ctx.clock, window, counted);
}
