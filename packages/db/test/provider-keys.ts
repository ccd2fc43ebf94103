import { countSessionUses } from '@ephemera/db';
import type { Database, SqlValue, Statement, UpstreamAttempt } from '@ephemera/db';

export const HOUR_MS = 3_600_000;
/** The begin of an hour. */
export const NOON_MS = Date.UTC(2026, 10, 22, 12);

export function insertKey(id: string, columns: Readonly<Record<string, SqlValue>> = {}): Statement {
  const row: Record<string, SqlValue> = {
    id,
    provider: 'openai',
    name: id,
    source: 'stored',
    last_four: 'wxyz',
    fingerprint: id,
    ciphertext: `v1.1.${id}`,
    kek_version: 1,
    state: 'active',
    state_since: 0,
    created_at: 0,
    created_by: 'test',
    ...columns,
  };
  const names = Object.keys(row);
  return {
    sql: `insert into provider_keys (${names.join(', ')}) values (${names.map(() => '?').join(', ')})`,
    args: Object.values(row),
  };
}

export type Report = { keyId: string; idempotencyKey: string; error?: string | null; atMs?: number };

const REPORT = `insert into provider_key_reports (caller, idempotency_key, key_id, ok, error, at)
  values ('test', ?1, ?2, ?3, ?4, ?5) on conflict do nothing`;

export function insertReport({ keyId, idempotencyKey, error = null, atMs = NOON_MS }: Report): Statement {
  return { sql: REPORT, args: [idempotencyKey, keyId, error === null ? 1 : 0, error, atMs] };
}

const SESSION = `insert into sessions (id, user_id, state, kind, request_id, issued_at, provider_key_id, attempts)
  values (?1, 'u', ?2, 'realtime', 'r', ?3, ?4, ?5)`;

/** `lost`: the tries that came to nothing before the one of `keyId`, or before the mint was given up. */
export type Mint = {
  id: string;
  keyId: string | null;
  state?: string | null;
  atMs?: number;
  lost?: readonly UpstreamAttempt[];
};

export function insertSession({ id, keyId, state = 'issued', atMs = NOON_MS, lost = [] }: Mint): Statement {
  const won = keyId === null ? [] : [{ status: 200, code: null, durationMs: 1, keyId }];
  return { sql: SESSION, args: [id, state, atMs, keyId, JSON.stringify([...lost, ...won])] };
}

/** A try that counts against its key. */
export function loseTry(keyId: string, status: number | null, code: string | null): UpstreamAttempt {
  return { status, code, durationMs: 1, keyId, isError: true };
}

export type Counts = { id: string; uses: number; errors: number; hourUses: number; hourErrors: number };

/** What each key counts, and what its hours add up to. */
export async function readCounts(database: Database): Promise<Counts[]> {
  await countSessionUses(database);
  const rows = await database.read(
    `select id, usage_count, error_count, coalesce(sum(uses), 0) as hour_uses, coalesce(sum(errors), 0) as hour_errors
     from provider_keys left join provider_key_hours on key_id = id group by id order by id`,
  );
  return rows.map((row) => ({
    id: String(row['id']),
    uses: Number(row['usage_count']),
    errors: Number(row['error_count']),
    hourUses: Number(row['hour_uses']),
    hourErrors: Number(row['hour_errors']),
  }));
}
