import type { AlertRow, Statement } from '@ephemera/db';

import type { Clock } from '../context.ts';
import type { IdSource } from '../ids.ts';

export type AlertKind = AlertRow['kind'];

const SEVERITIES: Readonly<Record<AlertKind, AlertRow['severity']>> = {
  provider_key_quarantined: 'critical',
  provider_key_exhausted: 'warning',
};

const COLUMNS = 'id, kind, target, severity, message, at';
const ONE_OPEN = 'on conflict (kind, target) where resolved_at is null do nothing';
const RAISE = `insert into alerts (${COLUMNS}) values (?1, ?2, ?3, ?4, ?5, ?6) ${ONE_OPEN}`;
const RAISE_IF_CHANGED = `insert into alerts (${COLUMNS}) select ?1, ?2, ?3, ?4, ?5, ?6 where changes() > 0 ${ONE_OPEN}`;
const RESOLVE = 'update alerts set resolved_at = ?1 where target = ?2 and resolved_at is null';
const RESOLVE_IF_CHANGED = `${RESOLVE} and changes() > 0`;

export type AlertContext = { clock: Clock; ids: Pick<IdSource, 'alertId'> };

export type AlertInput = {
  kind: AlertKind;
  /** Id of the key. */
  target: string;
  message: string;
  /** Only when the statement before it in the same unit changed a row. */
  isConditional?: boolean;
};

/** Raises an alert, or changes nothing while one of this kind is open for the target. */
export function alertStatement(ctx: AlertContext, alert: AlertInput): Statement {
  const { kind, target, message, isConditional = false } = alert;
  return {
    sql: isConditional ? RAISE_IF_CHANGED : RAISE,
    args: [ctx.ids.alertId(), kind, target, SEVERITIES[kind], message, ctx.clock.now()],
  };
}

/** Closes whatever is open for the target; where conditional, only when the statement before it changed a row. */
export function resolveAlertsStatement(
  ctx: Pick<AlertContext, 'clock'>,
  { target, isConditional = false }: { target: string; isConditional?: boolean },
): Statement {
  return { sql: isConditional ? RESOLVE_IF_CHANGED : RESOLVE, args: [ctx.clock.now(), target] };
}
