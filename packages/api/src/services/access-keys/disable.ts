import type { ServiceContext } from '../../context.ts';
import { changeAccessKeyState } from './change-state.ts';
import type { AccessKeySummary } from './summary.ts';

/** Refuses a key, and its former secrets, until it is enabled again. */
export async function disableAccessKey(
  ctx: ServiceContext,
  input: { id: string },
): Promise<{ key: AccessKeySummary }> {
  return await changeAccessKeyState(ctx, input.id, 'disable');
}
