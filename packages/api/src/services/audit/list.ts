import type { SqlRow, SqlValue } from '@ephemera/db';

import { requireScope } from '../../auth/scopes.ts';
import type { ServiceContext } from '../../context.ts';
import { auditIdFloor } from '../../ids.ts';
import { decodeCursor, encodeCursor } from './cursor.ts';

export type AuditResult = 'ok' | 'denied' | 'failed';

export type ListAuditInput = {
  /** Id of the actor. */
  actor?: string | undefined;
  action?: string | undefined;
  target?: string | undefined;
  result?: AuditResult | undefined;
  from?: string | undefined;
  to?: string | undefined;
  limit?: number | undefined;
  cursor?: string | undefined;
};

export type AuditItem = {
  seq: number;
  id: string;
  at: string;
  actorKind: string;
  actorId: string | null;
  actorName: string | null;
  action: string;
  target: string | null;
  result: string;
  requestId: string;
  ipPrefix: string | null;
  details: Record<string, unknown> | null;
  hash: string | null;
};

export type AuditPage = { items: AuditItem[]; nextCursor: string | null };

const DEFAULT_LIMIT = 50;
/** Entries that one page looks at: where hardly any fits all filters, a page may be short and still have a next one. */
const MAX_SCANNED = 5_000;
/** Entries stand in the order of their transactions, their ids in that of their requests: so far apart at most. */
const DISORDER_MS = 120_000;

type Filter = { sql: string; value: SqlValue };

const COLUMNS = `a.seq, a.id, a.at, a.actor_kind, a.actor_id, a.action, a.target, a.result, a.request_id, a.ip_prefix,
  a.details, a.hash, coalesce(u.name, u.email, k.name, n.name) as actor_name`;
const NAMES = `left join users u on a.actor_kind in ('user', 'operator') and u.id = a.actor_id
  left join access_keys k on a.actor_kind = 'access_key' and k.id = a.actor_id
  left join nodes n on a.actor_kind = 'node' and n.id = a.actor_id`;

/** Each has an index; the first one that is given finds the entries, the others are looked at one by one. */
function listIndexed({ target, actor, action, result }: ListAuditInput): Filter[] {
  const isRefused = result === 'denied' || result === 'failed';
  return [
    ...(target === undefined ? [] : [{ sql: 'target = ?', value: target }]),
    ...(actor === undefined ? [] : [{ sql: 'actor_id = ?', value: actor }]),
    // SQLite uses the partial index only when its own condition is in the query.
    ...(isRefused ? [{ sql: "result <> 'ok' and result = ?", value: result }] : []),
    ...(action === undefined ? [] : [{ sql: 'action = ?', value: action }]),
    ...(result === 'ok' ? [{ sql: 'result = ?', value: result }] : []),
  ];
}

const FIRST_SINCE = 'select seq from audit_entries where id >= ?1 order by id limit 1';
const LAST_BEFORE = 'select seq from audit_entries where id < ?1 order by id desc limit 1';

/** Between which entries to look at all: their ids sort by time. */
async function findBounds(ctx: ServiceContext, { from, to, cursor }: ListAuditInput): Promise<Filter[]> {
  const bounds: Filter[] = cursor === undefined ? [] : [{ sql: 'seq < ?', value: decodeCursor(cursor) }];
  if (from !== undefined) {
    const [row] = await ctx.database.read(FIRST_SINCE, [auditIdFloor(Date.parse(from) - DISORDER_MS)]);
    bounds.push({ sql: 'seq >= ?', value: Number(row?.['seq'] ?? Number.MAX_SAFE_INTEGER) });
  }
  if (to !== undefined) {
    const [row] = await ctx.database.read(LAST_BEFORE, [auditIdFloor(Date.parse(to) + DISORDER_MS)]);
    bounds.push({ sql: 'seq <= ?', value: Number(row?.['seq'] ?? 0) });
  }
  return bounds;
}

function listTimes({ from, to }: ListAuditInput): Filter[] {
  return [
    ...(from === undefined ? [] : [{ sql: 'at >= ?', value: Date.parse(from) }]),
    ...(to === undefined ? [] : [{ sql: 'at < ?', value: Date.parse(to) }]),
  ];
}

function toWhere(filters: readonly Filter[]): string {
  return filters.length === 0 ? '' : `where ${filters.map(({ sql }) => sql).join(' and ')}`;
}

function toDetails(value: unknown): Record<string, unknown> | null {
  const parsed: unknown = typeof value === 'string' ? JSON.parse(value) : null;
  return typeof parsed === 'object' && parsed !== null ? { ...parsed } : null;
}

function readText(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

function toItem(row: SqlRow): AuditItem {
  return {
    seq: Number(row['seq']),
    id: String(row['id']),
    at: new Date(Number(row['at'])).toISOString(),
    actorKind: String(row['actor_kind']),
    actorId: readText(row['actor_id']),
    actorName: readText(row['actor_name']),
    action: String(row['action']),
    target: readText(row['target']),
    result: String(row['result']),
    requestId: String(row['request_id']),
    ipPrefix: readText(row['ip_prefix']),
    details: toDetails(row['details']),
    hash: readText(row['hash']),
  };
}

type Scan = { found: readonly Filter[]; looked: readonly Filter[] };

async function planScan(ctx: ServiceContext, input: ListAuditInput): Promise<Scan> {
  const [first, ...others] = listIndexed(input);
  const found = [...(first === undefined ? [] : [first]), ...(await findBounds(ctx, input))];
  return { found, looked: [...others, ...listTimes(input)] };
}

/** The last entry that a page has looked at, where it stopped looking. */
async function findScanEnd(ctx: ServiceContext, { found, looked }: Scan): Promise<number | null> {
  if (looked.length === 0) return null;
  const sql = `select seq from audit_entries ${toWhere(found)} order by seq desc limit 1 offset ${MAX_SCANNED - 1}`;
  const [row] = await ctx.database.read(
    sql,
    found.map(({ value }) => value),
  );
  return row === undefined ? null : Number(row['seq']);
}

/** The audit, the newest first. Bounded in what it looks at, whatever the filters are. */
export async function listAudit(ctx: ServiceContext, input: ListAuditInput): Promise<AuditPage> {
  requireScope(ctx, 'audit:read');
  const limit = input.limit ?? DEFAULT_LIMIT;
  const scan = await planScan(ctx, input);
  const inner = `select * from audit_entries ${toWhere(scan.found)} order by seq desc limit ${MAX_SCANNED}`;
  const rows = await ctx.database.read(
    `select ${COLUMNS} from (${inner}) a ${NAMES} ${toWhere(scan.looked)} order by a.seq desc limit ?`,
    [...[...scan.found, ...scan.looked].map(({ value }) => value), limit + 1],
  );
  const items = rows.slice(0, limit).map(toItem);
  const nextSeq = rows.length > limit ? (items.at(-1)?.seq ?? null) : await findScanEnd(ctx, scan);
  return { items, nextCursor: nextSeq === null ? null : encodeCursor(nextSeq) };
}
