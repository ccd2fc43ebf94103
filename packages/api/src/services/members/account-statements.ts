import type { Statement } from '@ephemera/db';

import type { ServiceContext, UserRole } from '../../context.ts';

export type NewAccount = { id: string; name: string; email: string; role: UserRole; passwordHash: string };

const COLUMNS = 'id, name, email, email_verified, created_at, updated_at, role';
const INSERT_SQL = `insert into users (${COLUMNS}) values (?1, ?2, ?3, 1, ?4, ?4, ?5)
  on conflict (email) do nothing`;
const INSERT_FIRST_SQL = `insert into users (${COLUMNS}) select ?1, ?2, ?3, 1, ?4, ?4, ?5
  where not exists (select 1 from users where role = 'owner') on conflict (email) do nothing`;
/** The password's row, where the account was made by the statement before. */
const INSERT_PASSWORD_SQL = `insert into accounts
    (id, account_id, provider_id, user_id, password, created_at, updated_at)
  select ?1, ?1, 'credential', ?1, ?2, ?3, ?3 where changes() > 0`;

/** An account and its password; both take effect or neither. `isFirst`: only where there is no owner yet. */
export function insertAccountStatements(
  { clock }: Pick<ServiceContext, 'clock'>,
  account: NewAccount,
  isFirst = false,
): Statement[] {
  const { id, name, email, role, passwordHash } = account;
  const nowMs = clock.now();
  return [
    { sql: isFirst ? INSERT_FIRST_SQL : INSERT_SQL, args: [id, name, email, nowMs, role] },
    { sql: INSERT_PASSWORD_SQL, args: [id, passwordHash, nowMs] },
  ];
}

const END_ALL_SQL = 'delete from auth_sessions where user_id = ?1 and id is not ?2';

/** Ends the account's sign-ins, but for the one named. */
export function endSignInsStatement(userId: string, exceptId: string | null = null): Statement {
  return { sql: END_ALL_SQL, args: [userId, exceptId] };
}
