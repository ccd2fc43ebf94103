import type { Statement } from '@ephemera/db';
import { base64url } from 'jose';

import { toHex } from '../hmac.ts';
import { digestText } from './short-hashes.ts';

export const REFRESH_TOKEN_MS = 30 * 24 * 3_600_000;
/** Within it a used token may come again: a caller that never saw its answer asks once more. */
export const GRACE_MS = 10_000;
const PREFIX = 'enr_';
const TIME_BYTES = 6;
const SECRET_BYTES = 32;
/** Those of before do not tell when they were made. */
const TOKEN = /^enr_(?<time>[\w-]{8})?[\w-]{43}$/;

/** When it was made, and 256 random bits. */
export function createRefreshToken(nowMs: number): string {
  const bytes = new Uint8Array(TIME_BYTES + SECRET_BYTES);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, Math.floor(nowMs / 2 ** 32));
  view.setUint32(2, nowMs % 2 ** 32);
  crypto.getRandomValues(bytes.subarray(TIME_BYTES));
  return `${PREFIX}${base64url.encode(bytes)}`;
}

export function isRefreshToken(text: string): boolean {
  return TOKEN.test(text);
}

/** What is stored of a secret; 256 random bits need no salt. */
export function hashToken(token: string): string {
  return toHex(digestText(token));
}

/**
 * The same for a refresh token, behind the time that it tells: in the order in which they are made, those of one commit
 * share the pages of the table and its indexes, where hashes alone would each take a page of their own.
 */
export function hashRefreshToken(token: string): string {
  const time = TOKEN.exec(token)?.groups?.['time'];
  return `${time === undefined ? '' : toHex(base64url.decode(time))}${hashToken(token)}`;
}

const INSERT_SQL = `insert into node_refresh_tokens (hash, family_id, node_id, issued_at, expires_at)
  select ?1, ?2, id, ?4, ?5 from nodes where id = ?3 and revoked_at is null`;
/** One in so many sign-ins takes away what has expired: twice as many rows as came meanwhile. */
const PRUNE_EVERY = 16;
const PRUNE_SQL = `delete from node_refresh_tokens where hash in
  (select hash from node_refresh_tokens where expires_at <= ?1 limit ${2 * PRUNE_EVERY})`;

/** The first of a family; without effect for a revoked node. Now and then some that have expired go. */
export function startFamilyStatements(input: { hash: string; nodeId: string; nowMs: number }): Statement[] {
  const { hash, nodeId, nowMs } = input;
  const args = [hash, hash.slice(0, 32), nodeId, nowMs, nowMs + REFRESH_TOKEN_MS];
  const isTime = Number.parseInt(hash.slice(-4), 16) % PRUNE_EVERY === 0;
  return [{ sql: INSERT_SQL, args }, ...(isTime ? [{ sql: PRUNE_SQL, args: [nowMs] }] : [])];
}

/** Good: new, or used a moment ago by somebody who has not used what it was answered with. */
const CLAIM_SQL = `update node_refresh_tokens as it set used_at = coalesce(used_at, ?2)
  where hash = ?1 and revoked_at is null and expires_at > ?2
    and (used_at is null or (used_at > ?2 - ${GRACE_MS} and not exists
      (select 1 from node_refresh_tokens child where child.parent_hash = it.hash and child.used_at is not null)))
    and exists (select 1 from nodes where id = it.node_id and revoked_at is null)
  returning node_id`;
const CHILD_SQL = `insert into node_refresh_tokens (hash, family_id, node_id, parent_hash, issued_at, expires_at)
  select ?1, family_id, node_id, hash, ?3, ?3 + ${REFRESH_TOKEN_MS} from node_refresh_tokens
  where hash = ?2 and changes() > 0`;
/** Of several answers to one request its caller has kept one; the others are nobody's. */
const SIBLINGS_SQL = `update node_refresh_tokens set revoked_at = ?2
  where changes() > 0 and hash <> ?1 and used_at is null and revoked_at is null
    and parent_hash = (select parent_hash from node_refresh_tokens where hash = ?1)`;
/** Where no child was made the token was stolen, or is being tried out. */
const REUSED_SQL = `update node_refresh_tokens set revoked_at = ?3
  where revoked_at is null and not exists (select 1 from node_refresh_tokens where hash = ?2)
    and family_id = (select family_id from node_refresh_tokens where hash = ?1)
  returning node_id`;

/** One unit: the token's use and its child, or the end of its family. The first result tells whose it is. */
export function refreshStatements(input: { hash: string; childHash: string; nowMs: number }): Statement[] {
  const { hash, childHash, nowMs } = input;
  return [
    { sql: CLAIM_SQL, args: [hash, nowMs] },
    { sql: CHILD_SQL, args: [childHash, hash, nowMs] },
    { sql: SIBLINGS_SQL, args: [hash, nowMs] },
    { sql: REUSED_SQL, args: [hash, childHash, nowMs] },
  ];
}

/** All sign-ins of a node end with it. */
export function revokeTokensStatement(nodeId: string, nowMs: number): Statement {
  const sql = 'update node_refresh_tokens set revoked_at = ?2 where node_id = ?1 and revoked_at is null';
  return { sql, args: [nodeId, nowMs] };
}
