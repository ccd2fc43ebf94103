import type { Statement } from '@ephemera/db';

import { requireScope } from '../../auth/scopes.ts';
import type { ServiceContext } from '../../context.ts';
import { AppError } from '../../errors.ts';
import { requireNodeItself } from './require-node.ts';

export type NodeHeartbeatInput = {
  id: string;
  atMs: number;
  status: string;
  metrics: Readonly<Record<string, number>>;
};

export type HeartbeatReceipt = { serverTime: string; nextHeartbeatIn: number };

const MAX_SKEW_MS = 300_000;
/** For the charts; the node's own row is as new as its last heartbeat. */
const KEPT_MS = 2 * 3_600_000;
/** However often a node beats, its history has an entry in so long. */
const SAMPLE_MS = 5_000;

const BEAT_SQL = `update nodes set status = ?2, metrics = ?3, last_seen_at = max(coalesce(last_seen_at, 0), ?4)
  where id = ?1 and revoked_at is null`;
const KEEP_SQL = `insert into node_heartbeats (node_id, at, status, metrics) select ?1, ?4, ?2, ?3
  where changes() > 0
    and not exists (select 1 from node_heartbeats where node_id = ?1 and at > ?4 - ${SAMPLE_MS})`;
const PRUNE_SQL = `delete from node_heartbeats where node_id = ?1 and at < ?2`;

/** What counts is when it came, by our clock; by its own it must not be far off, or its other times mean nothing. */
function requireSameTime(nowMs: number, atMs: number): void {
  const skewSeconds = Math.round((atMs - nowMs) / 1_000);
  if (Math.abs(atMs - nowMs) <= MAX_SKEW_MS) return;
  const message = `The node's clock is ${skewSeconds} seconds off: at most ${MAX_SKEW_MS / 1_000} are accepted.`;
  throw new AppError('invalid_request', message, { details: { param: 'timestamp' } });
}

function beatStatements({ id, status, metrics }: NodeHeartbeatInput, nowMs: number): Statement[] {
  const args = [id, status, JSON.stringify(metrics), nowMs];
  return [
    { sql: BEAT_SQL, args },
    { sql: KEEP_SQL, args },
    { sql: PRUNE_SQL, args: [id, nowMs - KEPT_MS] },
  ];
}

/** A sign of life, by the node itself alone. */
export async function recordHeartbeat(
  ctx: ServiceContext,
  input: NodeHeartbeatInput,
): Promise<HeartbeatReceipt> {
  requireScope(ctx, 'nodes:write-own');
  requireNodeItself(ctx, input.id);
  const nowMs = ctx.clock.now();
  requireSameTime(nowMs, input.atMs);
  const [beat] = await ctx.database.writeAll(beatStatements(input, nowMs));
  if (beat?.rowsAffected !== 1) throw new AppError('unauthenticated', 'This node was revoked.');
  return {
    serverTime: new Date(nowMs).toISOString(),
    nextHeartbeatIn: ctx.settings.nodes.heartbeatSeconds,
  };
}
