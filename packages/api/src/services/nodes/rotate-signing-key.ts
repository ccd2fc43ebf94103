import { auditStatement } from '../../audit/record.ts';
import { requireScope } from '../../auth/scopes.ts';
import type { ServiceContext } from '../../context.ts';

/** The nodes' next tokens are signed with another key; those they have stay good until they expire. */
export async function rotateNodeSigningKey(ctx: ServiceContext): Promise<{ kid: string }> {
  requireScope(ctx, 'nodes:write');
  const entry = { action: 'node.rotate_signing_key', target: null, result: 'ok' } as const;
  return await ctx.nodes.keys.rotate([auditStatement(ctx, entry)]);
}
