import type { Database, SqlRow } from '@ephemera/db';

import type { OperatorActor, OperatorRole, UserActor } from '../context.ts';

/** Somebody with an account of ours. */
export type PersonActor = UserActor | OperatorActor;

/** Somebody whose browser has a sign-in of ours. */
export type SignedIn = { actor: PersonActor; signInId: string };

export type AccountClaims = {
  id: string;
  /** The sign-in that the token came from; null for a token that the server made by itself. */
  signInId: string | null;
  /** When the token was made; the time of the sign-in, where there is one, counts instead. */
  issuedAtMs: number | null;
};

const FIND_SQL = `select u.name, u.email, u.role, s.created_at as signed_in_at, s.expires_at
  from users u left join auth_sessions s on s.id = ?2 and s.user_id = u.id
  where u.id = ?1 and u.disabled_at is null`;

const ROLES: ReadonlySet<unknown> = new Set<OperatorRole>(['viewer', 'developer', 'operator', 'owner']);

function isOperatorRole(role: unknown): role is OperatorRole {
  return ROLES.has(role);
}

function isSignedIn(row: SqlRow, claims: AccountClaims, nowMs: number): boolean {
  return claims.signInId === null || Number(row['expires_at'] ?? 0) > nowMs;
}

/** The account as it is now; null where it is gone or disabled, or where the sign-in was ended. */
export async function findAccountActor(
  database: Pick<Database, 'read'>,
  claims: AccountClaims,
  nowMs: number,
): Promise<PersonActor | null> {
  const { id, signInId } = claims;
  const [row] = await database.read(FIND_SQL, [id, signInId]);
  if (row === undefined || !isSignedIn(row, claims, nowMs)) return null;
  const person = { id, name: String(row['name']), email: String(row['email']) };
  const { role } = row;
  if (!isOperatorRole(role)) return { kind: 'user', ...person };
  const authenticatedAtMs = signInId === null ? claims.issuedAtMs : Number(row['signed_in_at']);
  return { kind: 'operator', ...person, role, authenticatedAtMs, signInId };
}
