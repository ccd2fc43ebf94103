import type { Database, SqlRow } from '@ephemera/db';
import * as z from 'zod';

import { ACCESS_KEY_SCOPES } from '../auth/scopes.ts';
import type { AccessKeyActor } from '../context.ts';
import type { AccessKeyState } from './state.ts';
import { accessKeyState } from './state.ts';

export type FoundKey = {
  /** Of the secret that was presented; after a rotation the key itself has another. */
  rowId: string;
  state: AccessKeyState;
  lastUsedAtMs: number | null;
  actor: AccessKeyActor;
};

/**
 * The secret's own row says whether it is still accepted; what it may do stands in the row of the key that it belongs
 * to, which is another one after a rotation: whoever revokes or disables that one means its former secrets too. One read by a unique index, and one by the primary key.
 */
const FIND_SQL = `select secret.id as row_id, secret.last_used_at, secret.replaced_by, secret.grace_until,
    coalesce(secret.revoked_at, owner.revoked_at) as revoked_at,
    coalesce(secret.disabled_at, owner.disabled_at) as disabled_at,
    owner.id, owner.name, owner.environment, owner.scopes, owner.allowed_models, owner.allowed_origins,
    owner.mints_per_minute, owner.max_open_sessions, owner.max_ttl_seconds, owner.max_session_seconds,
    owner.expires_at
  from access_keys secret join access_keys owner on owner.id = coalesce(secret.replaced_by, secret.id)
  where secret.hash = ?1`;

const scope = z.enum(ACCESS_KEY_SCOPES);
const scopesSchema = z.array(z.string()).transform((names) => {
  const known = names.map((name) => scope.safeParse(name));
  return known.flatMap(({ data }) => (data === undefined ? [] : [data]));
});
const listSchema = z.array(z.string()).nullable();

function readJson(value: unknown): unknown {
  return typeof value === 'string' ? JSON.parse(value) : value;
}

function readNumber(value: unknown): number | null {
  return typeof value === 'number' ? value : null;
}

function readDate(value: unknown): Date | null {
  return typeof value === 'number' ? new Date(value) : null;
}

function toActor(row: SqlRow): AccessKeyActor {
  return {
    kind: 'access_key',
    id: String(row['id']),
    name: String(row['name']),
    environment: row['environment'] === 'live' ? 'live' : 'test',
    scopes: scopesSchema.parse(readJson(row['scopes'])),
    allowedModels: listSchema.parse(readJson(row['allowed_models'])),
    allowedOrigins: listSchema.parse(readJson(row['allowed_origins'])),
    mintsPerMinute: readNumber(row['mints_per_minute']),
    maxOpenSessions: readNumber(row['max_open_sessions']),
    maxTtlSeconds: readNumber(row['max_ttl_seconds']),
    maxSessionSeconds: readNumber(row['max_session_seconds']),
  };
}

function readState(row: SqlRow, nowMs: number): AccessKeyState {
  return accessKeyState(
    {
      revokedAt: readDate(row['revoked_at']),
      disabledAt: readDate(row['disabled_at']),
      expiresAt: readDate(row['expires_at']),
      replacedBy: typeof row['replaced_by'] === 'string' ? row['replaced_by'] : null,
      graceUntil: readDate(row['grace_until']),
    },
    nowMs,
  );
}

export async function readKeyByHash(
  database: Pick<Database, 'read'>,
  hash: string,
  nowMs: number,
): Promise<FoundKey | null> {
  const [row] = await database.read(FIND_SQL, [hash]);
  if (row === undefined) return null;
  return {
    rowId: String(row['row_id']),
    state: readState(row, nowMs),
    lastUsedAtMs: readNumber(row['last_used_at']),
    actor: toActor(row),
  };
}
