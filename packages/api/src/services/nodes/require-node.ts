import type { NodeActor, ServiceContext } from '../../context.ts';
import { AppError } from '../../errors.ts';

/** The node that asks. Throws `unauthenticated` for nobody, `forbidden` for anybody else. */
export function requireNode(ctx: Pick<ServiceContext, 'actor'>): NodeActor {
  const { actor } = ctx;
  if (actor.kind === 'node') return actor;
  if (actor.kind === 'anonymous') throw new AppError('unauthenticated', 'This needs the token of a node.');
  throw new AppError('forbidden', 'Only a node may do this.');
}

/** The same, and it has to be this one. */
export function requireNodeItself(ctx: Pick<ServiceContext, 'actor'>, nodeId: string): NodeActor {
  const node = requireNode(ctx);
  if (node.id !== nodeId) throw new AppError('forbidden', 'A node may do this for itself only.');
  return node;
}
