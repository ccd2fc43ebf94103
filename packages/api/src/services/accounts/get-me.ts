import type { Scope } from '../../auth/scopes.ts';
import { nameOf, ownerIdOf, requireScope, SCOPES, scopesOf } from '../../auth/scopes.ts';
import type { Actor, ServiceContext, UserRole } from '../../context.ts';

export type Me = {
  id: string;
  kind: Actor['kind'];
  name: string | null;
  email: string | null;
  /** Null: not an account of ours. */
  role: UserRole | null;
  scopes: Scope[];
};

function roleOf(actor: Actor): UserRole | null {
  if (actor.kind === 'operator') return actor.role;
  return actor.kind === 'user' ? 'user' : null;
}

export function getMe(ctx: ServiceContext): Me {
  const actor = requireScope(ctx, 'me:read');
  const scopes = scopesOf(actor);
  return {
    id: ownerIdOf(actor),
    kind: actor.kind,
    name: nameOf(actor),
    email: 'email' in actor ? (actor.email ?? null) : null,
    role: roleOf(actor),
    scopes: SCOPES.filter((scope) => scopes.has(scope)),
  };
}
