import type { SqlValue, Statement } from '@ephemera/db';

import { alertStatement, resolveAlertsStatement } from '../audit/alerts.ts';
import type { AuditAction } from '../audit/record.ts';
import { auditStatement } from '../audit/record.ts';
import type { Actor, Clock } from '../context.ts';
import type { IdSource } from '../ids.ts';
import { untilOf } from './health-row.ts';
import { isProlonged, reasonOf } from './key-health.ts';
import type { KeyHealth, KeyState } from './key-health.ts';

const SET = `update provider_keys
  set state = ?2, state_reason = ?3, state_since = ?4, state_until = ?5, probe_until = null
  where id = ?1`;
const IS_AS_READ = 'state = ?6 and state_since = ?7 and state_until is ?8';

/** A key whose overlap has ended is on its way out by itself: nothing that is heard of it is news to anybody. */
const IS_KEPT = '(drain_at is null or drain_at > ?4)';

/**
 * Another process may have written since this one looked. What it wrote stands, unless the news are worse: a rejected
 * key is out whatever was believed, a longer wait beats a shorter one.
 */
const UPDATES: Readonly<Record<KeyState, string>> = {
  active: `${SET} and ${IS_AS_READ}`,
  cooling_down: `${SET} and (${IS_AS_READ} or state = 'active' or (state = 'cooling_down' and state_until < ?5))`,
  exhausted: `${SET} and ${IS_KEPT} and (${IS_AS_READ} or state in ('active', 'cooling_down'))`,
  quarantined: `${SET} and ${IS_KEPT} and state not in ('quarantined', 'disabled', 'draining')`,
  draining: `${SET} and ${IS_AS_READ}`,
  disabled: `${SET} and ${IS_AS_READ}`,
};

export type HealthChange = { keyId: string; from: KeyHealth; to: KeyHealth };

/** Writes a new state of a key, and ends its probe. */
export function healthStatement({ keyId, from, to }: HealthChange): Statement {
  const args: SqlValue[] = [keyId, to.state, reasonOf(to), to.sinceMs, untilOf(to)];
  return {
    sql: UPDATES[to.state],
    args: to.state === 'quarantined' ? args : [...args, from.state, from.sinceMs, untilOf(from)],
  };
}

export type PoolWriteContext = {
  clock: Clock;
  ids: Pick<IdSource, 'auditId' | 'alertId'>;
  requestId: string;
  /** Whose word it was; without one the pool acts by itself, on what a provider said to it. */
  actor?: Actor;
  ipPrefix?: string | null;
};

export type NamedChange = HealthChange & { name: string };

function describe({ name, to }: NamedChange): string {
  const reason = reasonOf(to);
  if (to.state === 'exhausted') return `The quota of the key "${name}" is used up (${reason}).`;
  return reason === 'damaged'
    ? `The stored key "${name}" does not open: its ciphertext is damaged or belongs to another row.`
    : `The provider rejected the key "${name}" (${reason}). It is out until an operator acts.`;
}

/** What an entry of the audit calls it; null for what operators do, who have entries of their own. */
function nameAction({ state }: KeyHealth, reason: string | null): AuditAction | null {
  if (state === 'active') return 'provider_key.recover';
  if (state === 'quarantined') return 'provider_key.quarantine';
  if (state === 'exhausted') return 'provider_key.exhaust';
  if (state !== 'cooling_down') return null;
  return reason === 'breaker' ? 'provider_key.open_breaker' : 'provider_key.cool_down';
}

function auditChange(ctx: PoolWriteContext, { keyId, from, to }: HealthChange): Statement[] {
  const reason = reasonOf(to);
  const action = nameAction(to, reason);
  if (action === null) return [];
  // That a ciphertext does not open is found by us, whoever asked for the key.
  const actor = ctx.actor === undefined || reason === 'damaged' ? ({ kind: 'system' } as const) : ctx.actor;
  const details = { from: from.state, reason: reason ?? reasonOf(from) };
  const entry = { action, target: keyId, result: 'ok', details, isConditional: true } as const;
  return [auditStatement({ ...ctx, actor, ipPrefix: ctx.ipPrefix ?? null }, entry)];
}

/** Whoever is told to slow down has a quota, and is served. */
function endsAlerts({ from, to }: HealthChange): boolean {
  const couldHaveAny = from.state !== 'active' && reasonOf(from) !== 'rate_limited';
  return to.state === 'active' || (couldHaveAny && reasonOf(to) === 'rate_limited');
}

function alertChange(ctx: PoolWriteContext, change: NamedChange): Statement[] {
  const { keyId: target, to } = change;
  if (endsAlerts(change)) return [resolveAlertsStatement(ctx, { target, isConditional: true })];
  if (to.state !== 'quarantined' && to.state !== 'exhausted') return [];
  const kind = to.state === 'quarantined' ? 'provider_key_quarantined' : 'provider_key_exhausted';
  return [alertStatement(ctx, { kind, target, message: describe(change), isConditional: true })];
}

/** The change, and what operators have to know of it, as one unit: each statement looks at the one before it. */
export function changeStatements(ctx: PoolWriteContext, change: NamedChange): Statement[] {
  const update = healthStatement(change);
  if (isProlonged(change.from, change.to)) return [update];
  return [update, ...auditChange(ctx, change), ...alertChange(ctx, change)];
}

const CLAIM_PROBE = `update provider_keys set probe_until = ?2
  where id = ?1 and state in ('cooling_down', 'exhausted') and state_until <= ?3
    and (probe_until is null or probe_until <= ?3)`;
const RELEASE_PROBE = 'update provider_keys set probe_until = null where id = ?1 and probe_until = ?2';

export type ProbeLease = { keyId: string; untilMs: number };

/** Takes a row only where this caller is the one that may probe: one winner over all processes. */
export function claimProbeStatement({ keyId, untilMs }: ProbeLease, nowMs: number): Statement {
  return { sql: CLAIM_PROBE, args: [keyId, untilMs, nowMs] };
}

/** For a probe that told nothing. */
export function releaseProbeStatement({ keyId, untilMs }: ProbeLease): Statement {
  return { sql: RELEASE_PROBE, args: [keyId, untilMs] };
}
