import type { InternalActor, ServiceContext } from './context.ts';
import { AppError } from './errors.ts';

export function requireInternal(ctx: ServiceContext): InternalActor {
  if (ctx.actor.kind === 'internal') return ctx.actor;
  throw new AppError('unauthenticated', 'Unauthorized');
}
