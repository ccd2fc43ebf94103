import type { SqlValue, Statement } from '@ephemera/db';

import { alertStatement } from '../audit/alerts.ts';
import { auditStatement } from '../audit/record.ts';
import type { Clock } from '../context.ts';
import type { IdSource } from '../ids.ts';
import { reasonOf, untilOf } from './health-row.ts';
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

const RESOLVE_IF_CHANGED =
  'update alerts set resolved_at = ?1 where target = ?2 and resolved_at is null and changes() > 0';

export type PoolWriteContext = {
  clock: Clock;
  ids: Pick<IdSource, 'auditId' | 'alertId'>;
  requestId: string;
};

export type NamedChange = HealthChange & { name: string };

function describe({ name, to }: NamedChange): string {
  const reason = reasonOf(to);
  if (to.state === 'exhausted') return `The quota of the key "${name}" is used up (${reason}).`;
  return reason === 'damaged'
    ? `The stored key "${name}" does not open: its ciphertext is damaged or belongs to another row.`
    : `The provider rejected the key "${name}" (${reason}). It is out until an operator acts.`;
}

/** The change, and what operators have to know of it, as one unit: each statement looks at the one before it. */
export function changeStatements(ctx: PoolWriteContext, change: NamedChange): Statement[] {
  const { keyId, from, to } = change;
  const update = healthStatement(change);
  if (from.state === to.state) return [update];
  if (to.state === 'active' && from.state === 'exhausted')
    return [update, { sql: RESOLVE_IF_CHANGED, args: [ctx.clock.now(), keyId] }];
  if (to.state !== 'quarantined' && to.state !== 'exhausted') return [update];
  const isQuarantine = to.state === 'quarantined';
  const audit = auditStatement(
    { ...ctx, actor: { kind: 'system' }, ipPrefix: null },
    {
      action: isQuarantine ? 'provider_key.quarantine' : 'provider_key.exhaust',
      target: keyId,
      result: 'ok',
      details: { from: from.state, reason: to.reason },
      isConditional: true,
    },
  );
  const alert = alertStatement(ctx, {
    kind: isQuarantine ? 'provider_key_quarantined' : 'provider_key_exhausted',
    target: keyId,
    message: describe(change),
    isConditional: true,
  });
  return [update, audit, alert];
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
