import type { ServiceContext } from '../../context.ts';
import { AppError, describeError } from '../../errors.ts';
import type { TurnProvider } from '../../providers/turn-provider.ts';

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

const NOT_COUNTED: CountedIssuance = { release: () => Promise.resolve() };

/** Errors that say nothing of the disk, of a lock or of the network: then something else is wrong, and nothing goes on. */
const MISTAKES = /^SQL(?:ITE)?_(?:ERROR|UNKNOWN|INPUT_ERROR|PARSE_ERROR)/;

function isMistake(cause: unknown): boolean {
  return cause instanceof Error && 'code' in cause && MISTAKES.test(String(cause.code));
}

/** A call that is under way needs its relay also while nothing can be stored; what costs nothing here is given out then. */
function goOnUncounted({ logger }: ServiceContext, provider: TurnProvider, cause: unknown): CountedIssuance {
  if (!provider.isComputed || isMistake(cause)) {
    throw new AppError('unavailable', 'TURN credentials cannot be counted, so none are given out.', {
      cause,
    });
  }
  logger.warn('turn.not_counted', { provider: provider.name, error: describeError(cause) });
  return NOT_COUNTED;
}

/** Counts one issuance of this hour before the provider is asked, or throws `rate_limited` without counting. */
export async function countIssuance(
  ctx: ServiceContext,
  userId: string,
  provider: TurnProvider,
): Promise<CountedIssuance> {
  const now = ctx.clock.now();
  const windowStart = now - (now % WINDOW_MS);
  const limit = ctx.settings.turn.issuesPerHour;
  const args = [userId, windowStart, provider.name, limit];
  const counted = await ctx.database
    .write({ sql: COUNT_SQL, args })
    .catch((cause: unknown) => goOnUncounted(ctx, provider, cause));
  if ('release' in counted) return counted;
  if (counted.rows.length === 0) {
    const retryAfterSeconds = Math.ceil((windowStart + WINDOW_MS - now) / 1_000);
    throw new AppError('rate_limited', 'Too many TURN credentials this hour.', {
      details: { retryAfterSeconds },
    });
  }
  return {
    release: async () => {
      await ctx.database.write({ sql: RELEASE_SQL, args: [userId, windowStart, provider.name] });
    },
  };
}
