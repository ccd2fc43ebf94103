import type { SqlRow } from '@ephemera/db';

import type { ServiceContext } from '../../context.ts';
import { requireScope } from '../../auth/scopes.ts';
import { summarizeProviderKey } from './summarize.ts';
import type { ProviderKeySummary } from './summary.ts';

export type KeyAuditEvent = {
  at: string;
  action: string;
  /** Who did it: a person's name, a service's, or the system. */
  actor: string;
  result: string;
  details: Record<string, unknown> | null;
};

/** By name where the actor is a user of ours. Reads of many keys have no target: they name their keys in the details. */
const EVENTS_SQL = `select a.at, a.action, a.actor_kind, a.actor_id, a.result, a.details, u.name, u.email
  from audit_entries a left join users u on a.actor_kind in ('user', 'operator') and u.id = a.actor_id
  where a.target = ?1 order by a.id desc limit 50`;

function toDetails(value: unknown): Record<string, unknown> | null {
  const parsed: unknown = typeof value === 'string' ? JSON.parse(value) : null;
  return typeof parsed === 'object' && parsed !== null ? { ...parsed } : null;
}

function readText(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

function toActor(row: SqlRow): string {
  const kind = readText(row['actor_kind']) ?? 'unknown';
  const id = readText(row['actor_id']);
  if (kind === 'user' || kind === 'operator')
    return readText(row['name']) ?? readText(row['email']) ?? id ?? kind;
  return id === null ? kind : `${kind}: ${id}`;
}

function toEvent(row: SqlRow): KeyAuditEvent {
  return {
    at: new Date(Number(row['at'])).toISOString(),
    action: String(row['action']),
    actor: toActor(row),
    result: String(row['result']),
    details: toDetails(row['details']),
  };
}

/** One key and what was done to it, the newest first. */
export async function getProviderKey(
  ctx: ServiceContext,
  input: { id: string },
): Promise<{ key: ProviderKeySummary; events: KeyAuditEvent[] }> {
  requireScope(ctx, 'keys:read');
  const key = await summarizeProviderKey(ctx, input.id);
  const rows = await ctx.database.read(EVENTS_SQL, [input.id]);
  return { key, events: rows.map(toEvent) };
}
