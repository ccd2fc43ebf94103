import { type Actor, type ActorResolver, AppError, ownerIdOf, type RequestFacts } from '@ephemera/api';

import type { EdgeContext } from './edge-context.ts';
import { readRemoteNetwork } from './remote-address.ts';

/** The caller by the Authorization header. Throws AppError `unauthenticated` or `token_expired`. */
export async function authenticate(c: EdgeContext, actors: ActorResolver): Promise<Actor> {
  const actor = await actors.fromHeader(c.req.header('authorization'), readFacts(c));
  if (actor.kind !== 'anonymous') return noteActor(c, actor);
  throw new AppError(
    'unauthenticated',
    'This needs a user token or an access key in the Authorization header (Bearer …).',
  );
}

/** The caller by a token that came another way than in the header. */
export async function authenticateToken(
  c: EdgeContext,
  actors: ActorResolver,
  token: string,
): Promise<Actor> {
  return noteActor(c, await actors.fromToken(token, readFacts(c)));
}

/** Whoever it turned out to be goes into the request's log line. */
export function noteActor<A extends Actor>(c: EdgeContext, actor: A): A {
  if (actor.kind !== 'anonymous') c.get('note').actor = ownerIdOf(actor);
  return actor;
}

export function readFacts(c: EdgeContext): RequestFacts {
  return {
    origin: c.req.header('origin') ?? null,
    ipPrefix: readRemoteNetwork(c)?.prefix ?? null,
    waitUntil: c.env.waitUntil,
  };
}
