import type { ServiceContext } from '../../context.ts';
import { requireScope } from '../../auth/scopes.ts';
import { changeByOperator } from './change-by-operator.ts';
import type { ProviderKeySummary } from './summary.ts';

/** Puts a key back into use, whatever took it out; also ends a rotation's overlap. */
export async function enableProviderKey(
  ctx: ServiceContext,
  input: { id: string },
): Promise<{ key: ProviderKeySummary }> {
  requireScope(ctx, 'keys:write');
  return await changeByOperator(ctx, {
    id: input.id,
    event: { kind: 'enabled' },
    action: 'provider_key.enable',
  });
}
