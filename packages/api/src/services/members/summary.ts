import type { SqlRow } from '@ephemera/db';

import type { ServiceContext, UserRole } from '../../context.ts';
import { AppError } from '../../errors.ts';

export type MemberSummary = {
  id: string;
  name: string;
  email: string;
  role: UserRole;
  twoFactorEnabled: boolean;
  disabledAt: string | null;
  createdAt: string;
  lastSignInAt: string | null;
  isSelf: boolean;
};

/** The audit knows of sign-ins that are over. */
const SELECT_SQL = `select u.id, u.name, u.email, u.role, u.two_factor_enabled, u.disabled_at, u.created_at,
    (select max(a.at) from audit_entries a
      where a.target = u.id and a.action = 'account.sign_in' and a.result = 'ok') as last_sign_in_at
  from users u`;
export const LIST_SQL = `${SELECT_SQL} order by u.name, u.id limit 1000`;
const GET_SQL = `${SELECT_SQL} where u.id = ?1`;

const ROLES: readonly UserRole[] = ['user', 'viewer', 'developer', 'operator', 'owner'];

function toIso(value: unknown): string | null {
  return typeof value === 'number' ? new Date(value).toISOString() : null;
}

export function toMember(ctx: ServiceContext, row: SqlRow): MemberSummary {
  const { actor } = ctx;
  return {
    id: String(row['id']),
    name: String(row['name']),
    email: String(row['email']),
    role: ROLES.find((role) => role === row['role']) ?? 'user',
    twoFactorEnabled: row['two_factor_enabled'] === 1,
    disabledAt: toIso(row['disabled_at']),
    createdAt: toIso(row['created_at']) ?? '',
    lastSignInAt: toIso(row['last_sign_in_at']),
    isSelf: 'id' in actor && actor.id === row['id'],
  };
}

export function memberNotFound(): AppError {
  return new AppError('not_found', 'There is no such member.');
}

/** Throws `not_found`. */
export async function getMember(ctx: ServiceContext, id: string): Promise<MemberSummary> {
  const [row] = await ctx.database.read(GET_SQL, [id]);
  if (row === undefined) throw memberNotFound();
  return toMember(ctx, row);
}
