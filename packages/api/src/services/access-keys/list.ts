import type { AccessKeyScope } from '../../auth/scopes.ts';
import { requireScope } from '../../auth/scopes.ts';
import type { ServiceContext } from '../../context.ts';
import { isShutDown, MODELS } from '../../models/registry.ts';
import { listScopes } from './check-input.ts';
import { summarizeAccessKeys } from './summarize.ts';
import type { AccessKeySummary } from './summary.ts';

export type AccessKeyList = {
  items: AccessKeySummary[];
  scopes: { id: AccessKeyScope; description: string }[];
  /** Those that a key can be limited to. */
  models: string[];
};

export async function listAccessKeys(ctx: ServiceContext): Promise<AccessKeyList> {
  requireScope(ctx, 'access-keys:read');
  const nowMs = ctx.clock.now();
  return {
    items: await summarizeAccessKeys(ctx),
    scopes: listScopes(),
    models: MODELS.filter((model) => !isShutDown(model, nowMs)).map(({ id }) => id),
  };
}
