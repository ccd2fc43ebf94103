import type { Database } from './database.ts';
import type { Statement } from './statement.ts';

/** A mint under way has not said yet what it tried: its row, and all after it, wait. */
const NOT_COUNTED = `seq > coalesce((select seq from counted_sessions), 0)
  and seq < coalesce((select min(seq) from sessions
    where seq > coalesce((select seq from counted_sessions), 0) and state = 'admitted'), 9223372036854775807)`;

/** Every try of every mint, whatever became of it, as one use of the key that was tried. */
const tries = (filter: string): string => `(
  select issued_at as at, key as number, value ->> 'keyId' as key_id,
    case when value ->> 'isError'
      then coalesce((value ->> 'status') || ' ' || (value ->> 'code'), value ->> 'status', value ->> 'code')
    end as error
  from sessions join json_each(attempts) where ${NOT_COUNTED} and ${filter})`;

const COUNT: readonly Statement[] = [
  `insert into provider_key_hours (key_id, hour_start, uses, errors)
    select key_id, at - at % 3600000 as hour, count(*), count(error) from ${tries('true')}
    where key_id in (select id from provider_keys) group by key_id, hour
    on conflict (key_id, hour_start) do update set uses = uses + excluded.uses, errors = errors + excluded.errors`,
  `update provider_keys set
      usage_count = usage_count + fresh.uses,
      error_count = error_count + fresh.errors,
      last_used_at = max(coalesce(last_used_at, 0), fresh.last_at)
    from (select key_id, count(*) as uses, count(error) as errors, max(at) as last_at from ${tries('true')}
      group by key_id) as fresh
    where provider_keys.id = fresh.key_id`,
  // Beside max() SQLite takes the other columns from the row that has it. Few mints lose a try: only these are read.
  `update provider_keys set last_error = fresh.error, last_error_at = fresh.at
    from (select key_id, error, at, max(at * 100 + number) from ${tries(`attempts like '%"isError"%'`)}
      where error is not null group by key_id) as fresh
    where provider_keys.id = fresh.key_id and fresh.at >= coalesce(last_error_at, 0)`,
  `insert into counted_sessions (id, seq) select 1, coalesce(max(seq), 0) from sessions where ${NOT_COUNTED}
    on conflict (id) do update set seq = max(seq, excluded.seq)`,
].map((sql) => ({ sql, args: [] }));

/**
 * Counts the uses that stand in the sessions and nowhere else yet, each exactly once, in one transaction. A session is
 * the durable record of its mint and of all its tries, so that a mint pays for no counter; whoever reads the counts
 * calls this first.
 */
export async function countSessionUses(database: Pick<Database, 'writeAll'>): Promise<void> {
  await database.writeAll(COUNT);
}
