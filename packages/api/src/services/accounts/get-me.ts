import type { Scope } from '../../auth/scopes.ts';
import { nameOf, ownerIdOf, requireScope, SCOPES, scopesOf } from '../../auth/scopes.ts';
import type { Actor, ServiceContext, UserRole } from '../../context.ts';
import type { OwnStanding } from './read-own-limits.ts';
import { readOwnLimits } from './read-own-limits.ts';

export type Me = {
  id: string;
  kind: Actor['kind'];
  name: string | null;
  email: string | null;
  /** Null: not an account of ours. */
  role: UserRole | null;
  scopes: Scope[];
  limits: OwnStanding;
  twoFactorEnabled: boolean;
};

const TWO_FACTOR_SQL = 'select two_factor_enabled from users where id = ?1';

function roleOf(actor: Actor): UserRole | null {
  if (actor.kind === 'operator') return actor.role;
  return actor.kind === 'user' ? 'user' : null;
}

async function hasTwoFactor({ database }: ServiceContext, actor: Actor): Promise<boolean> {
  if (actor.kind !== 'user' && actor.kind !== 'operator') return false;
  const [row] = await database.read(TWO_FACTOR_SQL, [actor.id]);
  return row?.['two_factor_enabled'] === 1;
}

export async function getMe(ctx: ServiceContext): Promise<Me> {
  const actor = requireScope(ctx, 'me:read');
  const scopes = scopesOf(actor);
  return {
    id: ownerIdOf(actor),
    kind: actor.kind,
    name: nameOf(actor),
    email: 'email' in actor ? (actor.email ?? null) : null,
    role: roleOf(actor),
    scopes: SCOPES.filter((scope) => scopes.has(scope)),
    twoFactorEnabled: await hasTwoFactor(ctx, actor),
    limits: await readOwnLimits(ctx, actor),
  };
}
