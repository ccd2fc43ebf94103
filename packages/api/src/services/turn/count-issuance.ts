import type { ServiceContext } from '../../context.ts';
import { AppError } from '../../errors.ts';

const WINDOW_MS = 3_600_000;

/** Counted per provider, limited over all of them; one statement, so that parallel requests cannot slip through. */
const COUNT_SQL = `insert into turn_issuances (user_id, window_start, provider, count)
  select ?1, ?2, ?3, 1
  where (select coalesce(sum(count), 0) from turn_issuances where user_id = ?1 and window_start = ?2) < ?4
  on conflict (user_id, window_start, provider) do update set count = count + 1
  returning count`;

const RELEASE_SQL = `update turn_issuances set count = count - 1
  where user_id = ?1 and window_start = ?2 and provider = ?3 and count > 0`;

export type CountedIssuance = {
  /** Takes the count back: the provider gave nothing. */
  release: () => Promise<void>;
};

/** Counts one issuance of this hour before the provider is asked, or throws `rate_limited` without counting. */
export async function countIssuance(
  ctx: ServiceContext,
  userId: string,
  provider: string,
): Promise<CountedIssuance> {
  const now = ctx.clock.now();
  const windowStart = now - (now % WINDOW_MS);
  const limit = ctx.settings.turn.issuesPerHour;
  const args = [userId, windowStart, provider, limit];
  const { rows } = await ctx.database.write({ sql: COUNT_SQL, args }).catch((cause: unknown) => {
    throw new AppError('unavailable', 'TURN credentials cannot be counted, so none are given out.', {
      cause,
    });
  });
  if (rows.length === 0) {
    const retryAfterSeconds = Math.ceil((windowStart + WINDOW_MS - now) / 1_000);
    throw new AppError('rate_limited', 'Too many TURN credentials this hour.', {
      details: { retryAfterSeconds },
    });
  }
  return {
    release: async () => {
      await ctx.database.write({ sql: RELEASE_SQL, args: [userId, windowStart, provider] });
    },
  };
}
