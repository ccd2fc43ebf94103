import { requireScope } from '../../auth/scopes.ts';
import { auditStatement } from '../../audit/record.ts';
import type { ServiceContext, UserRole } from '../../context.ts';
import { AppError } from '../../errors.ts';
import { getMember } from './summary.ts';
import type { MemberSummary } from './summary.ts';

export type UpdateMemberInput = {
  id: string;
  name?: string | undefined;
  role?: UserRole | undefined;
  isDisabled?: boolean | undefined;
};

/**
 * Judged and done by one statement, so that two owners who demote each other at once do not both succeed: an owner who
 * would be lost is only lost where another one remains.
 */
const UPDATE_SQL = `update users set
    name = coalesce(?2, name),
    role = coalesce(?3, role),
    disabled_at = case ?4 when 1 then coalesce(disabled_at, ?5) when 0 then null else disabled_at end,
    updated_at = ?5
  where id = ?1 and not (
    role = 'owner' and disabled_at is null and (coalesce(?3, 'owner') <> 'owner' or ?4 = 1)
    and not exists (select 1 from users o where o.role = 'owner' and o.disabled_at is null and o.id <> ?1))`;

const END_DISABLED_SQL = `delete from auth_sessions
  where user_id = (select id from users where id = ?1 and disabled_at is not null)`;

function toFlag(isDisabled: boolean | undefined): number | null {
  return isDisabled === undefined ? null : Number(isDisabled);
}

/** Name, role, and whether the account may be used; who is disabled is signed out. The last owner stays one. */
export async function updateMember(
  ctx: ServiceContext,
  input: UpdateMemberInput,
): Promise<{ member: MemberSummary }> {
  requireScope(ctx, 'members:write');
  const { id, name, role, isDisabled } = input;
  const args = [id, name ?? null, role ?? null, toFlag(isDisabled), ctx.clock.now()];
  const details = {
    ...(name === undefined ? {} : { isRenamed: true }),
    ...(role === undefined ? {} : { role }),
    ...(isDisabled === undefined ? {} : { isDisabled }),
  };
  const [updated] = await ctx.database.writeAll([
    { sql: UPDATE_SQL, args },
    auditStatement(ctx, { action: 'member.update', target: id, result: 'ok', details, isConditional: true }),
    { sql: END_DISABLED_SQL, args: [id] },
  ]);
  const member = await getMember(ctx, id);
  if (updated?.rowsAffected === 1) return { member };
  throw new AppError('conflict', 'This is the last owner: make somebody else an owner first.', {
    details: { param: isDisabled === true ? 'isDisabled' : 'role' },
  });
}
