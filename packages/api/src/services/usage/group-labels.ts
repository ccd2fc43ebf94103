import type { ServiceContext } from '../../context.ts';
import type { UsageGroup } from './read-hours.ts';

const NAMES_SQL: Readonly<Partial<Record<UsageGroup, string>>> = {
  user: `select subject as id, name from allowances where kind = 'user'
    and subject in (select value from json_each(?1))`,
  access_key: 'select id, name from access_keys where id in (select value from json_each(?1))',
  provider_key: 'select id, name from provider_keys where id in (select value from json_each(?1))',
};

/** How people call what the ids stand for; one that has gone keeps its id. */
export async function findLabels(
  ctx: ServiceContext,
  groupBy: UsageGroup,
  ids: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const sql = NAMES_SQL[groupBy];
  if (sql === undefined) return new Map();
  const rows = await ctx.database.read(sql, [JSON.stringify(ids)]);
  return new Map(rows.flatMap(({ id, name }) => (typeof name === 'string' ? [[String(id), name]] : [])));
}
