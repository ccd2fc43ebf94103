import { requireScope } from './auth/scopes.ts';
import type { InternalActor, NodeActor, ServiceContext } from './context.ts';
import { AppError } from './errors.ts';

/** Who may be given the stored keys themselves: a service by its secret, or a node that was given the scope for it. */
export function requireKeyReader({ actor }: Pick<ServiceContext, 'actor'>): InternalActor | NodeActor {
  if (actor.kind === 'internal') return actor;
  if (actor.kind !== 'node') throw new AppError('unauthenticated', 'Unauthorized');
  requireScope({ actor }, 'keys:read-for-service');
  return actor;
}

export function requireInternal(ctx: ServiceContext): InternalActor {
  if (ctx.actor.kind === 'internal') return ctx.actor;
  throw new AppError('unauthenticated', 'Unauthorized');
}
