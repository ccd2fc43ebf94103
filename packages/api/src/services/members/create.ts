import { canonicalizeEmail, requireGoodPassword } from '../../auth/passwords.ts';
import { requireScope } from '../../auth/scopes.ts';
import { auditStatement } from '../../audit/record.ts';
import type { ServiceContext, UserRole } from '../../context.ts';
import { AppError } from '../../errors.ts';
import { insertAccountStatements } from './account-statements.ts';
import { getMember } from './summary.ts';
import type { MemberSummary } from './summary.ts';

export type CreateMemberInput = { name: string; email: string; role: UserRole; password: string };

/** An account for somebody; the password is handed over by other means. Throws `conflict` for a known address. */
export async function createMember(
  ctx: ServiceContext,
  input: CreateMemberInput,
): Promise<{ member: MemberSummary }> {
  requireScope(ctx, 'members:write');
  const { name, role, password } = input;
  const email = canonicalizeEmail(input.email);
  requireGoodPassword(password, { email });
  const id = ctx.ids.memberId();
  const passwordHash = await ctx.passwords.hash(password);
  const [inserted] = await ctx.database.writeAll([
    ...insertAccountStatements(ctx, { id, name, email, role, passwordHash }),
    auditStatement(ctx, {
      action: 'member.create',
      target: id,
      result: 'ok',
      details: { role },
      isConditional: true,
    }),
  ]);
  if (inserted?.rowsAffected !== 1) {
    throw new AppError('conflict', 'There is an account with this e-mail address already.', {
      details: { param: 'email' },
    });
  }
  return { member: await getMember(ctx, id) };
}
