import type { Database } from './database.ts';
import type { Statement } from './statement.ts';

const NOT_COUNTED = `from sessions
  where seq > coalesce((select seq from counted_sessions), 0)
    and provider_key_id in (select id from provider_keys)`;

const COUNT: readonly Statement[] = [
  `insert into provider_key_hours (key_id, hour_start, uses, errors)
    select provider_key_id, issued_at - issued_at % 3600000 as hour, count(*), 0 ${NOT_COUNTED}
    group by provider_key_id, hour
    on conflict (key_id, hour_start) do update set uses = uses + excluded.uses`,
  `update provider_keys set
      usage_count = usage_count + fresh.uses,
      last_used_at = max(coalesce(last_used_at, 0), fresh.last_at)
    from (select provider_key_id as key_id, count(*) as uses, max(issued_at) as last_at ${NOT_COUNTED}
      group by provider_key_id) as fresh
    where provider_keys.id = fresh.key_id`,
  `insert into counted_sessions (id, seq) select 1, coalesce(max(seq), 0) from sessions where true
    on conflict (id) do update set seq = max(seq, excluded.seq)`,
].map((sql) => ({ sql, args: [] }));

/**
 * Counts the uses that stand in the sessions and nowhere else yet, each exactly once, in one transaction. A session is
 * the durable record of its mint, so that a mint pays for no counter; whoever reads the counts calls this first.
 */
export async function countSessionUses(database: Pick<Database, 'writeAll'>): Promise<void> {
  await database.writeAll(COUNT);
}
