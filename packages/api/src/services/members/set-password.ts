import { requireGoodPassword } from '../../auth/passwords.ts';
import { requireScope } from '../../auth/scopes.ts';
import { auditStatement } from '../../audit/record.ts';
import type { ServiceContext } from '../../context.ts';
import { endSignInsStatement } from './account-statements.ts';
import { getMember, memberNotFound } from './summary.ts';

const UPDATE_SQL = `update accounts set password = ?1, updated_at = ?2
  where user_id = ?3 and provider_id = 'credential'`;

export type SetPasswordInput = {
  id: string;
  password: string;
  /** For somebody who has lost their second factor too. */
  resetsTwoFactor?: boolean | undefined;
};

const FORGET_FACTOR_SQL = 'delete from two_factors where user_id = ?1';
const FORGET_FLAG_SQL = 'update users set two_factor_enabled = 0 where id = ?1';

/** A new password for somebody who has lost theirs. Who was signed in with the old one is signed out. */
export async function setMemberPassword(
  ctx: ServiceContext,
  { id, password, resetsTwoFactor = false }: SetPasswordInput,
): Promise<{ ok: true }> {
  const actor = requireScope(ctx, 'members:write');
  const { email, isSelf } = await getMember(ctx, id);
  requireGoodPassword(password, { email });
  const hash = await ctx.passwords.hash(password);
  const [updated] = await ctx.database.writeAll([
    { sql: UPDATE_SQL, args: [hash, ctx.clock.now(), id] },
    auditStatement(ctx, {
      action: 'member.set_password',
      target: id,
      result: 'ok',
      details: { resetsTwoFactor },
      isConditional: true,
    }),
    ...(resetsTwoFactor
      ? [
          { sql: FORGET_FACTOR_SQL, args: [id] },
          { sql: FORGET_FLAG_SQL, args: [id] },
        ]
      : []),
    endSignInsStatement(id, isSelf && actor.kind === 'operator' ? actor.signInId : null),
  ]);
  if (updated?.rowsAffected !== 1) throw memberNotFound();
  return { ok: true };
}
