import type { ServiceContext } from '../../context.ts';
import { AppError } from '../../errors.ts';
import type { Budget } from '../../limits/limits.ts';

type Target = Pick<Budget, 'scope' | 'subject'>;

/** As the audit names it. */
export function nameBudget({ scope, subject }: Target): string {
  return subject === '' ? scope : `${scope}:${subject}`;
}

const USER_SQL = `select 1 where exists (select 1 from allowances where kind = 'user' and subject = ?1)
  or exists (select 1 from users where id = ?1)`;
const ACCESS_KEY_SQL = 'select 1 from access_keys where id = ?1';

/** Somebody who has minted here, or has an account. */
export async function isKnownUser(
  { database }: Pick<ServiceContext, 'database'>,
  id: string,
): Promise<boolean> {
  const rows = await database.read(USER_SQL, [id]);
  return rows.length > 0;
}

/** Throws `invalid_request` or `not_found`, so that no budget is set for a slip of the pen. */
export async function requireSubject(ctx: ServiceContext, { scope, subject }: Target): Promise<void> {
  const isForAll = scope === 'project' || scope === 'default_user';
  if (isForAll !== (subject === '')) {
    const message = isForAll ? 'This budget is for all: it has no subject.' : 'Whose budget is it?';
    throw new AppError('invalid_request', message, { details: { param: 'subject' } });
  }
  if (isForAll) return;
  const isKnown =
    scope === 'user'
      ? await isKnownUser(ctx, subject)
      : (await ctx.database.read(ACCESS_KEY_SQL, [subject])).length > 0;
  if (!isKnown)
    throw new AppError('not_found', `There is no such ${scope === 'user' ? 'user' : 'access key'}.`);
}
