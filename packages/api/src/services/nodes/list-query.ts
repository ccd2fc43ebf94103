import type { SqlValue, Statement } from '@ephemera/db';

import { OFFLINE_AFTER_MS, unreachableAfterMs } from '../../nodes/status.ts';
import type { StatusTerms } from '../../nodes/status.ts';
import { VIEW_COLUMNS } from './view.ts';

export type NodeFilter = {
  type?: string | undefined;
  /** All of them. */
  capabilities?: readonly string[] | undefined;
  region?: string | undefined;
  /** Any of them: as the directory tells it, `reachable` for who is there, or `all`. */
  statuses?: readonly string[] | undefined;
  /** Part of an id or a name, whatever its case. */
  query?: string | undefined;
};

type Page = { afterId: string; limit: number; terms: StatusTerms };

type Condition = { sql: string; args: readonly SqlValue[] };

function statusCondition(status: string, { nowMs, heartbeatSeconds }: StatusTerms): Condition {
  const seen = 'coalesce(n.last_seen_at, 0)';
  const aliveSince = nowMs - unreachableAfterMs(heartbeatSeconds);
  const knownSince = nowMs - OFFLINE_AFTER_MS;
  // Whoever says that it goes is there no more, though it has just been heard.
  if (status === 'reachable') return { sql: `(${seen} > ? and n.status <> 'offline')`, args: [aliveSince] };
  const said: Condition = { sql: `(n.status = ? and ${seen} > ?)`, args: [status, aliveSince] };
  if (status === 'offline') return { sql: `(${said.sql} or ${seen} <= ?)`, args: [...said.args, knownSince] };
  if (status !== 'unreachable') return said;
  return { sql: `(${seen} > ? and ${seen} <= ?)`, args: [knownSince, aliveSince] };
}

function statusConditions(statuses: readonly string[], terms: StatusTerms): Condition[] {
  if (statuses.length === 0 || statuses.includes('all')) return [];
  const any = statuses.map((status) => statusCondition(status, terms));
  return [{ sql: `(${any.map(({ sql }) => sql).join(' or ')})`, args: any.flatMap(({ args }) => args) }];
}

const HAS_TEXT = `(instr(lower(n.id), ?) > 0 or instr(lower(n.name), ?) > 0)`;
const HAS_CAPABILITY = `exists (select 1 from node_capabilities c where c.capability = ? and c.node_id = n.id)`;

/**
 * By id, which never changes: a page neither skips nor repeats what was there before and after, whatever changes between
 * two of them. One capability leads, since it names the fewest; the order of each index is that of the ids.
 */
export function listStatement(filter: NodeFilter, { afterId, limit, terms }: Page): Statement {
  const [first, ...others] = filter.capabilities ?? [];
  const { type, region, statuses = [] } = filter;
  const query = filter.query?.toLowerCase();
  const conditions: Condition[] = [
    ...(first === undefined
      ? [{ sql: 'n.id > ?', args: [afterId] }]
      : [{ sql: 'f.capability = ? and f.node_id > ?', args: [first, afterId] }]),
    ...others.map((capability) => ({ sql: HAS_CAPABILITY, args: [capability] })),
    ...(type === undefined ? [] : [{ sql: 'n.type = ?', args: [type] }]),
    ...(region === undefined ? [] : [{ sql: 'n.region = ?', args: [region] }]),
    ...statusConditions(statuses, terms),
    ...(query === undefined ? [] : [{ sql: HAS_TEXT, args: [query, query] }]),
    { sql: 'n.revoked_at is null', args: [] },
  ];
  const from = first === undefined ? 'nodes n' : 'node_capabilities f cross join nodes n on n.id = f.node_id';
  const order = first === undefined ? 'n.id' : 'f.node_id';
  const where = conditions.map(({ sql }) => sql).join(' and ');
  return {
    sql: `select ${VIEW_COLUMNS} from ${from} where ${where} order by ${order} limit ?`,
    args: [...conditions.flatMap(({ args }) => args), limit],
  };
}
