import type { ServiceContext } from '../../context.ts';
import { changeAccessKeyState } from './change-state.ts';
import type { AccessKeySummary } from './summary.ts';

export async function enableAccessKey(
  ctx: ServiceContext,
  input: { id: string },
): Promise<{ key: AccessKeySummary }> {
  return await changeAccessKeyState(ctx, input.id, 'enable');
}
