import { requireGoodPassword } from '../../auth/passwords.ts';
import { requireScope } from '../../auth/scopes.ts';
import { auditStatement } from '../../audit/record.ts';
import type { ServiceContext } from '../../context.ts';
import { endSignInsStatement } from './account-statements.ts';
import { getMember, memberNotFound } from './summary.ts';

const UPDATE_SQL = `update accounts set password = ?1, updated_at = ?2
  where user_id = ?3 and provider_id = 'credential'`;

/** A new password for somebody who has lost theirs. Who was signed in with the old one is signed out. */
export async function setMemberPassword(
  ctx: ServiceContext,
  { id, password }: { id: string; password: string },
): Promise<{ ok: true }> {
  const actor = requireScope(ctx, 'members:write');
  const { email, isSelf } = await getMember(ctx, id);
  requireGoodPassword(password, { email });
  const hash = await ctx.passwords.hash(password);
  const [updated] = await ctx.database.writeAll([
    { sql: UPDATE_SQL, args: [hash, ctx.clock.now(), id] },
    auditStatement(ctx, { action: 'member.set_password', target: id, result: 'ok', isConditional: true }),
    endSignInsStatement(id, isSelf && actor.kind === 'operator' ? actor.signInId : null),
  ]);
  if (updated?.rowsAffected !== 1) throw memberNotFound();
  return { ok: true };
}
