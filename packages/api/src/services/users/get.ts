import { requireScope } from '../../auth/scopes.ts';
import type { ServiceContext } from '../../context.ts';
import { AppError } from '../../errors.ts';
import type { Limits } from '../../limits/limits.ts';
import { withOwnLimits } from '../../limits/limits.ts';
import { readStanding } from '../../limits/read-standing.ts';
import type { LimitValue } from '../budgets/list.ts';
import { closeOverdueIfPossible } from '../sessions/sweep.ts';
import type { UserSummary } from './read-users.ts';
import { readUsers } from './read-users.ts';

export type UserDetail = {
  user: UserSummary;
  limits: Record<keyof Limits, LimitValue>;
  /** Null: every model. */
  allowedModels: string[] | null;
  blockedReason: string | null;
};

const REASON_SQL = 'select blocked_reason from user_policies where user_id = ?1 and blocked_at is not null';

export function userNotFound(): AppError {
  return new AppError('not_found', 'There is no such user.');
}

async function readLimits(
  ctx: ServiceContext,
  userId: string,
): Promise<Omit<UserDetail, 'user' | 'blockedReason'>> {
  const subjects = { userId, accessKeyId: null, address: null };
  const { rules } = await readStanding(ctx.database, subjects, ctx.clock.now());
  const { policy } = rules.user;
  const deployment = withOwnLimits(ctx.settings.limits, rules.settings.own);
  const toValue = (name: keyof Limits): LimitValue => {
    const own = policy?.[name] ?? null;
    return { value: own ?? deployment[name], isOwn: own !== null };
  };
  return {
    limits: {
      mintsPerMinute: toValue('mintsPerMinute'),
      maxOpenSessions: toValue('maxOpenSessions'),
      maxTtlSeconds: toValue('maxTtlSeconds'),
      maxSessionSeconds: toValue('maxSessionSeconds'),
    },
    allowedModels: policy?.allowedModels == null ? null : [...policy.allowedModels],
  };
}

/** For verbs that have changed one. Throws `not_found`. */
export async function readUser(ctx: ServiceContext, id: string): Promise<UserDetail> {
  await closeOverdueIfPossible(ctx);
  const [user] = await readUsers(ctx, 'a.subject = ?1', [id]);
  if (user === undefined) throw userNotFound();
  const [row] = await ctx.database.read(REASON_SQL, [id]);
  const reason = row?.['blocked_reason'];
  return { user, ...(await readLimits(ctx, id)), blockedReason: typeof reason === 'string' ? reason : null };
}

/** One user with what holds for them, and whether that is their own. Throws `not_found`. */
export async function getUser(ctx: ServiceContext, input: { id: string }): Promise<UserDetail> {
  requireScope(ctx, 'users:read');
  return await readUser(ctx, input.id);
}
