import { requireScope } from '../../auth/scopes.ts';
import type { ServiceContext } from '../../context.ts';
import { findNode } from './find.ts';
import type { NodeDetail } from './view.ts';

export async function getNode(ctx: ServiceContext, { id }: { id: string }): Promise<NodeDetail> {
  requireScope(ctx, 'nodes:read');
  return await findNode(ctx, id);
}
