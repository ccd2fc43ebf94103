import { type ActorResolver, AppError, type UserActor } from '@ephemera/api';

import type { EdgeContext } from './edge-context.ts';

/** The user by the Authorization header. Throws AppError `unauthenticated` or `token_expired`. */
export async function authenticate(c: EdgeContext, actors: ActorResolver): Promise<UserActor> {
  const actor = await actors.fromHeader(c.req.header('authorization'));
  if (actor.kind === 'user') return noteActor(c, actor);
  throw new AppError('unauthenticated', 'This needs a user token in the Authorization header (Bearer …).');
}

/** The user by a token that came another way than in the header. */
export async function authenticateToken(
  c: EdgeContext,
  actors: ActorResolver,
  token: string,
): Promise<UserActor> {
  return noteActor(c, await actors.fromToken(token));
}

/** Whoever it turned out to be goes into the request's log line. */
export function noteActor(c: EdgeContext, actor: UserActor): UserActor {
  c.get('note').actor = actor.id;
  return actor;
}
