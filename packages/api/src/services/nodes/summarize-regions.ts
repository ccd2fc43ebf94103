import { requireScope } from '../../auth/scopes.ts';
import type { ServiceContext } from '../../context.ts';
import {
  IS_OFFLINE_SQL,
  IS_REACHABLE_SQL,
  OFFLINE_AFTER_MS,
  unreachableAfterMs,
} from '../../nodes/status.ts';

export type RegionSummary = {
  /** Null: of nodes that name none. */
  region: string | null;
  total: number;
  reachable: number;
  unreachable: number;
  offline: number;
  /** Of the reachable ones that tell theirs. */
  meanLoad: number | null;
};

const SUMMARIZE_SQL = `select region, count(*) as total,
    sum(${IS_REACHABLE_SQL}) as reachable,
    sum(${IS_OFFLINE_SQL}) as offline,
    avg(case when ${IS_REACHABLE_SQL} then load end) as mean_load
  from nodes where revoked_at is null group by region order by region`;

/** How many nodes there are where, and how many of them show signs of life. */
export async function summarizeRegions(ctx: ServiceContext): Promise<{ regions: RegionSummary[] }> {
  requireScope(ctx, 'nodes:read');
  const nowMs = ctx.clock.now();
  const aliveSince = nowMs - unreachableAfterMs(ctx.settings.nodes.heartbeatSeconds);
  const rows = await ctx.database.read(SUMMARIZE_SQL, [aliveSince, nowMs - OFFLINE_AFTER_MS]);
  const regions = rows.map((row): RegionSummary => {
    const [total, reachable, offline] = [row['total'], row['reachable'], row['offline']].map(Number);
    const { region, mean_load: meanLoad } = row;
    return {
      region: typeof region === 'string' ? region : null,
      total: total ?? 0,
      reachable: reachable ?? 0,
      unreachable: (total ?? 0) - (reachable ?? 0) - (offline ?? 0),
      offline: offline ?? 0,
      meanLoad: meanLoad === null ? null : Number(meanLoad),
    };
  });
  return { regions };
}
