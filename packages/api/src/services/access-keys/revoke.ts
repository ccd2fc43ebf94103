import { requireScope } from '../../auth/scopes.ts';
import type { ServiceContext } from '../../context.ts';
import { AppError } from '../../errors.ts';
import { changeAccessKeyState } from './change-state.ts';
import { getAccessKeyRow } from './rows.ts';
import type { AccessKeySummary } from './summary.ts';

/** Refuses a key, and its former secrets, for good. A former secret can be revoked by itself, before its grace ends. */
export async function revokeAccessKey(
  ctx: ServiceContext,
  { id, confirmName }: { id: string; confirmName: string },
): Promise<{ key: AccessKeySummary }> {
  requireScope(ctx, 'access-keys:write');
  const { name } = await getAccessKeyRow(ctx, id);
  if (confirmName !== name) {
    throw new AppError('invalid_request', 'The name that was typed is not the name of this key.', {
      details: { param: 'confirmName' },
    });
  }
  return await changeAccessKeyState(ctx, id, 'revoke');
}
