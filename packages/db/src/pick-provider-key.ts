import type { SqlRow, Statement } from './statement.ts';

export type PickedProviderKey = {
  id: string;
  provider: string;
  name: string;
  /** Opens with the keyring only: whoever shares the database needs KEYRING and the vault of `@ephemera/api` too. */
  ciphertext: string;
  kekVersion: number;
};

/**
 * A key whose time is over is usable again: what the caller reports of it is the probe. A key of the environment has
 * nothing stored to hand out.
 */
const HEALTHY = `source = 'stored' and ciphertext is not null
  and (state = 'active' or (state in ('cooling_down', 'exhausted') and state_until <= ?2))
  and (drain_at is null or drain_at > ?2)`;

/** This hour and the one before: the buckets that the last sixty minutes lie in. */
const RECENT = (column: 'uses' | 'errors'): string => `coalesce((select sum(${column}) from provider_key_hours
  where key_id = provider_keys.id and hour_start > ?2 - ?2 % 3600000 - 7200000), 0)`;

/**
 * One atomic statement, so that any number of processes may run it at once: picks the healthy key with the fewest recent
 * errors, then the least used for its weight, counts the use and returns the row. `?1` provider, `?2` unix milliseconds.
 */
export const PICK_PROVIDER_KEY = `update provider_keys set
    usage_count = usage_count + 1,
    last_used_at = max(coalesce(last_used_at, 0), ?2),
    counted_at = ?2
  where id = (
    select id from provider_keys where provider = ?1 and ${HEALTHY}
    order by ${RECENT('errors')}, ${RECENT('uses')} * 1.0 / max(weight, 1), usage_count, id limit 1
  )
  returning id, provider, name, ciphertext, kek_version`;

/** For services that share the database: `write` it, and give the rows to {@link readPickedProviderKey}. */
export function pickProviderKey({ provider, nowMs }: { provider: string; nowMs: number }): Statement {
  return { sql: PICK_PROVIDER_KEY, args: [provider, nowMs] };
}

/** Null when no key of the provider is healthy. */
export function readPickedProviderKey(rows: readonly SqlRow[]): PickedProviderKey | null {
  const [row] = rows;
  if (row === undefined) return null;
  return {
    id: String(row['id']),
    provider: String(row['provider']),
    name: String(row['name']),
    ciphertext: String(row['ciphertext']),
    kekVersion: Number(row['kek_version']),
  };
}
