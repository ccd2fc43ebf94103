import {
  type Actor,
  type ActorResolver,
  type ApiDependencies,
  AppError,
  auditDenial,
  createServiceContext,
  ownerIdOf,
  type RequestFacts,
  RefusedCallerError,
  requireAuditedScope,
  type Scope,
  scopesOf,
} from '@ephemera/api';

import type { EdgeContext } from './edge-context.ts';
import type { RouteHandler } from './error-answers.ts';
import { requestInfo } from '../routes/route-dependencies.ts';
import { readRemoteNetwork } from './remote-address.ts';

/** The caller by the Authorization header. Throws AppError `unauthenticated` or `token_expired`. */
export async function authenticate(c: EdgeContext, actors: ActorResolver): Promise<Actor> {
  const known = c.get('caller');
  if (known !== undefined) return known;
  const actor = await actors.fromHeader(c.req.header('authorization'), readFacts(c));
  if (actor.kind !== 'anonymous') {
    c.set('caller', actor);
    return noteActor(c, actor);
  }
  throw new AppError(
    'unauthenticated',
    'This needs a user token or an access key in the Authorization header (Bearer …).',
  );
}

type ScopeRule = { scope: Scope; actors: ActorResolver; api: ApiDependencies };

/** A mint of somebody who is known, and refused before there is a request to look at. Always throws the refusal. */
export async function refuseMint(c: EdgeContext, api: ApiDependencies, error: unknown): Promise<never> {
  if (!(error instanceof RefusedCallerError)) throw error;
  const { actor } = error;
  return await auditDenial(
    createServiceContext(api, requestInfo(c, actor)),
    { ownerId: ownerIdOf(actor) },
    error,
  );
}

/**
 * Checks a route's scope before its handler reads anything. Without the header the handler knows other ways to tell who
 * it is, or refuses; the verb checks the scope of whoever comes that way.
 */
export function requireCallerScope(handler: RouteHandler, { scope, actors, api }: ScopeRule): RouteHandler {
  return async (c) => {
    if (c.req.header('authorization') !== undefined) {
      const actor = await authenticate(c, actors).catch((error: unknown) =>
        scope === 'tokens:mint' ? refuseMint(c, api, error) : Promise.reject(error),
      );
      if (!scopesOf(actor).has(scope))
        await requireAuditedScope(createServiceContext(api, requestInfo(c, actor)), scope);
    }
    return await handler(c);
  };
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
  const network = readRemoteNetwork(c);
  return {
    origin: c.req.header('origin') ?? null,
    ipPrefix: network?.prefix ?? null,
    address: network?.subject ?? null,
    waitUntil: c.env.waitUntil,
  };
}
