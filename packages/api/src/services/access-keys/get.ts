import { requireScope } from '../../auth/scopes.ts';
import type { ServiceContext } from '../../context.ts';
import { summarizeAccessKey } from './summarize.ts';
import type { AccessKeySummary } from './summary.ts';

/** Throws `not_found`. */
export async function getAccessKey(
  ctx: ServiceContext,
  input: { id: string },
): Promise<{ key: AccessKeySummary }> {
  requireScope(ctx, 'access-keys:read');
  return { key: await summarizeAccessKey(ctx, input.id) };
}
