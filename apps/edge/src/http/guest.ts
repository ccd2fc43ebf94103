import { type Actor, type ActorResolver, type Scope } from '@ephemera/api';

import { authenticate } from './authenticate.ts';
import type { EdgeContext } from './edge-context.ts';
import { readRemoteNetwork } from './remote-address.ts';

export type GuestRules = { areAllowed: boolean; scopes: readonly Scope[] };

/** The caller by the Authorization header; without one a guest, known by the network alone, where guests are allowed. */
export async function authenticateOrGuest(
  c: EdgeContext,
  actors: ActorResolver,
  { areAllowed, scopes }: GuestRules,
): Promise<Actor> {
  if (!areAllowed || c.req.header('authorization') !== undefined) return await authenticate(c, actors);
  return { kind: 'anonymous', guest: { network: readRemoteNetwork(c)?.subject ?? 'unknown', scopes } };
}
