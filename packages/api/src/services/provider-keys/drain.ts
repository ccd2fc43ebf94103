import type { ServiceContext } from '../../context.ts';
import { KEY_POLICY } from '../../pool/key-health.ts';
import { requireScope } from '../../auth/scopes.ts';
import { changeByOperator } from './change-by-operator.ts';
import type { ProviderKeySummary } from './summary.ts';

/** Nothing new from this key; after `seconds` (an hour unless told) it counts as disabled. */
export async function drainProviderKey(
  ctx: ServiceContext,
  input: { id: string; seconds?: number | undefined },
): Promise<{ key: ProviderKeySummary }> {
  requireScope(ctx, 'keys:write');
  const seconds = input.seconds ?? KEY_POLICY.drainMs / 1_000;
  return await changeByOperator(ctx, {
    id: input.id,
    event: { kind: 'drained', untilMs: ctx.clock.now() + seconds * 1_000 },
    action: 'provider_key.drain',
    details: { seconds },
  });
}
