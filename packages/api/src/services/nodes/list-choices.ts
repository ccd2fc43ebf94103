import { requireScope } from '../../auth/scopes.ts';
import type { ServiceContext } from '../../context.ts';

/** What the directory can be filtered by, the most common first. */
export type NodeChoices = { types: string[]; capabilities: string[] };

const MAX_CHOICES = 100;

const TYPES_SQL = `select type as choice from nodes where revoked_at is null
  group by type order by count(*) desc, type limit ${MAX_CHOICES}`;
const CAPABILITIES_SQL = `select c.capability as choice from node_capabilities c
  join nodes n on n.id = c.node_id and n.revoked_at is null
  group by c.capability order by count(*) desc, c.capability limit ${MAX_CHOICES}`;

export async function listNodeChoices(ctx: ServiceContext): Promise<NodeChoices> {
  requireScope(ctx, 'nodes:read');
  const [types, capabilities] = await Promise.all(
    [TYPES_SQL, CAPABILITIES_SQL].map(async (sql) => {
      const rows = await ctx.database.read(sql);
      return rows.map((row) => String(row['choice']));
    }),
  );
  return { types: types ?? [], capabilities: capabilities ?? [] };
}
