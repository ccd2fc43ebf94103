import { requireScope } from '../../auth/scopes.ts';
import type { ServiceContext } from '../../context.ts';
import { findNode } from './find.ts';

export type HeartbeatView = { at: string; status: string; metrics: Record<string, number> };

export type HeartbeatHistory = {
  items: HeartbeatView[];
  /** How often a node is asked to beat. */
  everySeconds: number;
};

const DEFAULT_LIMIT = 120;
const LIST_SQL = `select at, status, metrics from node_heartbeats where node_id = ?1 order by at desc limit ?2`;

function readMetrics(value: unknown): Record<string, number> {
  const parsed: unknown = typeof value === 'string' ? JSON.parse(value) : {};
  if (typeof parsed !== 'object' || parsed === null) return {};
  return Object.fromEntries(Object.entries(parsed).map(([name, number]) => [name, Number(number)]));
}

/** The newest first. */
export async function listHeartbeats(
  ctx: ServiceContext,
  { id, limit = DEFAULT_LIMIT }: { id: string; limit?: number | undefined },
): Promise<HeartbeatHistory> {
  requireScope(ctx, 'nodes:read');
  await findNode(ctx, id);
  const rows = await ctx.database.read(LIST_SQL, [id, limit]);
  const items = rows.map((row) => ({
    at: new Date(Number(row['at'])).toISOString(),
    status: String(row['status']),
    metrics: readMetrics(row['metrics']),
  }));
  return { items, everySeconds: ctx.settings.nodes.heartbeatSeconds };
}
