import type { ServiceContext, UserActor } from './context.ts';
import { AppError } from './errors.ts';

export function requireUser(ctx: ServiceContext): UserActor {
  if (ctx.actor.kind === 'user') return ctx.actor;
  throw new AppError('unauthenticated', 'Sign in first: this needs a user token.');
}
