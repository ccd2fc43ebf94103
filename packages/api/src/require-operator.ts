import type { ServiceContext, UserActor } from './context.ts';
import { AppError } from './errors.ts';
import { requireUser } from './require-user.ts';

export function requireOperator(ctx: ServiceContext): UserActor {
  const user = requireUser(ctx);
  if (user.role === 'operator') return user;
  throw new AppError('forbidden', 'Only an operator may do this.');
}
