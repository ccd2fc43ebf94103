import type { ChainStatus } from '../../audit/chain-verifier.ts';
import { requireScope } from '../../auth/scopes.ts';
import type { ServiceContext } from '../../context.ts';

export type AuditStatus = ChainStatus & { checkedAt: string };

/** Up to where the chain holds. A long chain is followed over several calls: `verifiedTo` then grows from call to call. */
export async function getAuditStatus(ctx: ServiceContext): Promise<AuditStatus> {
  requireScope(ctx, 'audit:read');
  return { ...(await ctx.auditVerifier.verify()), checkedAt: new Date(ctx.clock.now()).toISOString() };
}
