import type { SqlValue, Statement } from '@ephemera/db';

import type { AuditAction } from '../../audit/record.ts';
import { auditStatement } from '../../audit/record.ts';
import { requireScope } from '../../auth/scopes.ts';
import type { ServiceContext } from '../../context.ts';
import { isKnownUser } from '../budgets/subjects.ts';
import type { UserDetail } from './get.ts';
import { readUser, userNotFound } from './get.ts';

/** An account that has not minted yet is seen by being worked on. */
const SEEN_SQL = `insert into allowances (kind, subject, name, window_start, window_count, period_start, first_seen_at,
    last_seen_at)
  select 'user', ?1, (select name from users where id = ?1), 0, 0, 0, ?2, ?2 where true
  on conflict (kind, subject) do nothing`;

const POLICY_SQL = `insert into user_policies (user_id, updated_at, updated_by) values (?1, ?2, ?3)
  on conflict (user_id) do update set updated_at = max(excluded.updated_at, updated_at + 1),
    updated_by = excluded.updated_by`;

export type UserChange = {
  id: string;
  action: AuditAction;
  /** Assignments on the user's row of `user_policies`, whose id is `?1`; further arguments from `?2`. */
  assignments: string;
  args: readonly SqlValue[];
  details?: Readonly<Record<string, unknown>>;
};

/** Changes what is set for a user; it holds for the next mint, in every process. Throws `not_found`. */
export async function changeUser(ctx: ServiceContext, change: UserChange): Promise<UserDetail> {
  const actor = requireScope(ctx, 'users:write');
  const { id, action, details } = change;
  if (!(await isKnownUser(ctx, id))) throw userNotFound();
  const nowMs = ctx.clock.now();
  const assign: Statement = {
    sql: `update user_policies set ${change.assignments} where user_id = ?1`,
    args: [id, ...change.args],
  };
  await ctx.database.writeAll([
    { sql: SEEN_SQL, args: [id, nowMs] },
    { sql: POLICY_SQL, args: [id, nowMs, 'id' in actor ? actor.id : actor.kind] },
    assign,
    auditStatement(ctx, { action, target: id, result: 'ok', ...(details === undefined ? {} : { details }) }),
  ]);
  ctx.rules.forget();
  return await readUser(ctx, id);
}
