import { auditEntryStatement } from '@ephemera/db';
import type { Statement } from '@ephemera/db';

import type { Actor, Clock } from '../context.ts';
import type { IdSource } from '../ids.ts';

/** `resource.verb`. */
export type AuditAction =
  | 'access_key.create'
  | 'access_key.update'
  | 'access_key.rotate'
  | 'access_key.disable'
  | 'access_key.enable'
  | 'access_key.revoke'
  | 'account.set_up'
  | 'account.sign_in'
  | 'account.sign_out'
  | 'account.enable_two_factor'
  | 'account.disable_two_factor'
  | 'account.change_password'
  | 'account.update'
  /** Before the account library is asked for a change; what became of it stands in the next entry. */
  | 'account.request'
  | 'budget.set'
  | 'budget.remove'
  | 'limits.set'
  | 'member.create'
  | 'member.update'
  | 'member.set_password'
  | 'member.end_sign_in'
  | 'member.end_all_sign_ins'
  | 'node.register'
  | 'node.update'
  | 'node.revoke'
  | 'node.set_scopes'
  | 'node.end_sign_ins'
  | 'node.refresh'
  | 'node.rotate_signing_key'
  | 'node_registration_token.create'
  | 'node_registration_token.revoke'
  | 'token.mint'
  | 'turn.issue'
  | 'user.set_limits'
  | 'user.block'
  | 'user.unblock'
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

/** One row of the audit, chained, to be written in the same unit as what it tells about. */
export function auditStatement(ctx: AuditContext, entry: AuditEntry): Statement {
  const { actor } = ctx;
  return auditEntryStatement(
    {
      id: ctx.ids.auditId(),
      at: ctx.clock.now(),
      actorKind: actor.kind,
      actorId: 'id' in actor ? actor.id : null,
      action: entry.action,
      target: entry.target,
      result: entry.result,
      requestId: ctx.requestId,
      ipPrefix: ctx.ipPrefix,
      details: entry.details === undefined ? null : JSON.stringify(entry.details),
    },
    entry.isConditional,
  );
}
