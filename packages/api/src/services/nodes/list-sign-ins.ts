import type { SqlRow } from '@ephemera/db';

import { requireScope } from '../../auth/scopes.ts';
import type { ServiceContext } from '../../context.ts';
import { ACCESS_TOKEN_SECONDS } from '../../nodes/access-tokens.ts';
import { findNode } from './find.ts';

/** A family of refresh tokens: one proof of the key, and what was refreshed from it. Times are ISO 8601. */
export type NodeSignIn = {
  id: string;
  startedAt: string;
  refreshedAt: string;
  expiresAt: string;
  refreshes: number;
  state: 'open' | 'ended' | 'expired';
};

export type NodeSignIns = {
  /** The newest, at most 50 of them. */
  items: NodeSignIn[];
  open: number;
  /** So long an access token outlives the sign-in it came from. */
  accessTokenSeconds: number;
};

const MAX_LISTED = 50;

const IS_OPEN = 'used_at is null and revoked_at is null and expires_at > ?2';
const FAMILIES = `select family_id, min(issued_at) as started_at, max(issued_at) as refreshed_at,
    max(expires_at) as expires_at, count(parent_hash) as refreshes, max(${IS_OPEN}) as is_open,
    max(revoked_at) as revoked_at
  from node_refresh_tokens where node_id = ?1 group by family_id`;
const LIST_SQL = `${FAMILIES} order by is_open desc, refreshed_at desc, family_id limit ${MAX_LISTED}`;
const COUNT_SQL = `select count(*) as open from (${FAMILIES}) where is_open = 1`;

function toIso(value: unknown): string {
  return new Date(Number(value)).toISOString();
}

function stateOf(row: SqlRow): NodeSignIn['state'] {
  if (Number(row['is_open']) === 1) return 'open';
  return row['revoked_at'] === null ? 'expired' : 'ended';
}

function toSignIn(row: SqlRow): NodeSignIn {
  return {
    id: String(row['family_id']),
    startedAt: toIso(row['started_at']),
    refreshedAt: toIso(row['refreshed_at']),
    expiresAt: toIso(row['expires_at']),
    refreshes: Number(row['refreshes']),
    state: stateOf(row),
  };
}

/** Where a node is signed in: what is open first, then the newest. Never a token. */
export async function listNodeSignIns(ctx: ServiceContext, { id }: { id: string }): Promise<NodeSignIns> {
  requireScope(ctx, 'nodes:read-all');
  await findNode(ctx, id);
  const args = [id, ctx.clock.now()];
  const [rows, [count]] = await Promise.all([
    ctx.database.read(LIST_SQL, args),
    ctx.database.read(COUNT_SQL, args),
  ]);
  return {
    items: rows.map(toSignIn),
    open: Number(count?.['open'] ?? 0),
    accessTokenSeconds: ACCESS_TOKEN_SECONDS,
  };
}
