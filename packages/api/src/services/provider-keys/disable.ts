import type { ServiceContext } from '../../context.ts';
import { requireScope } from '../../auth/scopes.ts';
import { changeByOperator } from './change-by-operator.ts';
import type { ProviderKeySummary } from './summary.ts';

/** Takes a key out of use at once. Calls that run with its secrets go on. */
export async function disableProviderKey(
  ctx: ServiceContext,
  input: { id: string },
): Promise<{ key: ProviderKeySummary }> {
  requireScope(ctx, 'keys:write');
  return await changeByOperator(ctx, {
    id: input.id,
    event: { kind: 'disabled' },
    action: 'provider_key.disable',
  });
}
