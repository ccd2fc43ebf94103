import type { SqlValue, Statement } from '@ephemera/db';

import type { Actor, Clock } from '../context.ts';
import type { IdSource } from '../ids.ts';

export type AuditAction =
  | 'provider_key.read'
  | 'provider_key.add'
  | 'provider_key.test'
  | 'provider_key.rotate'
  | 'provider_key.disable'
  | 'provider_key.enable'
  | 'provider_key.drain'
  | 'provider_key.delete'
  | 'provider_key.quarantine'
  | 'provider_key.exhaust'
  | 'provider_key.cool_down'
  | 'provider_key.open_breaker'
  | 'provider_key.recover'
  | 'provider_key.rewrap';

export type AuditEntry = {
  action: AuditAction;
  target: string | null;
  result: 'ok' | 'denied' | 'failed';
  /** Ids, counts and codes. Never a key, never a text that somebody else wrote. */
  details?: Readonly<Record<string, unknown>>;
  /** Only when the statement before it in the same unit changed a row. */
  isConditional?: boolean;
};

/** Who did it. `system`: the pool itself, acting on what a provider said. */
export type AuditContext = {
  actor: Actor | { kind: 'system' };
  requestId: string;
  ipPrefix: string | null;
  clock: Clock;
  ids: Pick<IdSource, 'auditId'>;
};

const COLUMNS = 'id, at, actor_kind, actor_id, action, target, result, request_id, ip_prefix, details';
const VALUES = '?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10';
const INSERT = `insert into audit_entries (${COLUMNS}) values (${VALUES})`;
const INSERT_IF_CHANGED = `insert into audit_entries (${COLUMNS}) select ${VALUES} where changes() > 0`;

/** One row of the audit, to be written in the same unit as what it tells about. */
export function auditStatement(ctx: AuditContext, entry: AuditEntry): Statement {
  const { actor } = ctx;
  const args: SqlValue[] = [
    ctx.ids.auditId(),
    ctx.clock.now(),
    actor.kind,
    'id' in actor ? actor.id : null,
    entry.action,
    entry.target,
    entry.result,
    ctx.requestId,
    ctx.ipPrefix,
    entry.details === undefined ? null : JSON.stringify(entry.details),
  ];
  return { sql: entry.isConditional === true ? INSERT_IF_CHANGED : INSERT, args };
}
