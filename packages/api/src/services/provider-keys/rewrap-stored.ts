import type { ServiceContext } from '../../context.ts';
import { AppError } from '../../errors.ts';
import { requireScope } from '../../auth/scopes.ts';
import type { RewrapOutcome } from './rewrap.ts';
import { rewrapProviderKeys } from './rewrap.ts';

const DEFAULT_LIMIT = 100;

/** Goes on moving stored keys to the newest version of the keyring, at an operator's word. */
export async function rewrapStoredKeys(
  ctx: ServiceContext,
  input: { limit?: number | undefined },
): Promise<RewrapOutcome> {
  requireScope(ctx, 'keys:write');
  const { vault } = ctx;
  if (vault === null) throw new AppError('unavailable', 'There is nothing to rewrap: no KEYRING is set.');
  return await rewrapProviderKeys({ ...ctx, vault }, { limit: input.limit ?? DEFAULT_LIMIT });
}
