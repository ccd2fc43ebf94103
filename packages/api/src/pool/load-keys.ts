import { isOpenSession } from '@ephemera/db';
import type { Database, SqlRow } from '@ephemera/db';

import { toHealth } from './health-row.ts';
import type { KeyHealth } from './key-health.ts';

/** A row of the pool as it is stored. */
export type StoredKey = {
  id: string;
  provider: string;
  name: string;
  source: 'stored' | 'environment';
  limitDomain: string | null;
  fingerprint: string;
  ciphertext: string | null;
  kekVersion: number | null;
  weight: number;
  health: KeyHealth;
  drainAtMs: number | null;
  probeUntilMs: number;
  /** Of this hour, by all processes. */
  uses: number;
  openSessions: number;
};

const HOUR_MS = 3_600_000;

const READ_KEYS = `select k.id, k.provider, k.name, k.source, k.limit_domain, k.fingerprint, k.ciphertext, k.kek_version, k.weight,
    k.state, k.state_reason, k.state_since, k.state_until, k.probe_until, k.drain_at,
    coalesce(h.uses, 0) as uses,
    (select count(*) from sessions where provider_key_id = k.id and ${isOpenSession('?3')}) as open_sessions
  from provider_keys k left join provider_key_hours h on h.key_id = k.id and h.hour_start = ?2
  where k.provider = ?1 order by k.id`;

function readText(row: SqlRow, column: string): string {
  const value = row[column];
  if (typeof value !== 'string') throw new TypeError(`provider_keys.${column} holds no text.`);
  return value;
}

function readOptionalText(row: SqlRow, column: string): string | null {
  return row[column] === null ? null : readText(row, column);
}

function readNumber(row: SqlRow, column: string): number | null {
  return row[column] === null ? null : Number(row[column]);
}

const STATES = ['active', 'cooling_down', 'exhausted', 'quarantined', 'disabled', 'draining'] as const;

/** A state that this code does not know was written by a newer one: better not to use the key. */
export function readState(row: SqlRow): (typeof STATES)[number] {
  return STATES.find((state) => state === row['state']) ?? 'disabled';
}

function toStoredKey(row: SqlRow): StoredKey {
  return {
    id: readText(row, 'id'),
    provider: readText(row, 'provider'),
    name: readText(row, 'name'),
    source: row['source'] === 'environment' ? 'environment' : 'stored',
    limitDomain: readOptionalText(row, 'limit_domain'),
    fingerprint: readText(row, 'fingerprint'),
    ciphertext: readOptionalText(row, 'ciphertext'),
    kekVersion: readNumber(row, 'kek_version'),
    weight: Math.max(1, Number(row['weight'])),
    health: toHealth({
      state: readState(row),
      stateReason: readOptionalText(row, 'state_reason'),
      stateSinceMs: Number(row['state_since']),
      stateUntilMs: readNumber(row, 'state_until'),
    }),
    drainAtMs: readNumber(row, 'drain_at'),
    probeUntilMs: readNumber(row, 'probe_until') ?? 0,
    uses: Number(row['uses']),
    openSessions: Number(row['open_sessions']),
  };
}

export async function readStoredKeys(
  database: Database,
  provider: string,
  nowMs: number,
): Promise<StoredKey[]> {
  const hourStart = nowMs - (nowMs % HOUR_MS);
  const rows = await database.read(READ_KEYS, [provider, hourStart, nowMs]);
  return rows.map(toStoredKey);
}
