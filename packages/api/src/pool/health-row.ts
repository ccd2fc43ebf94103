import type { ProviderKeyRow } from '@ephemera/db';

import { effectiveHealth, KEY_POLICY } from './key-health.ts';
import type { KeyHealth, KeyState } from './key-health.ts';

/** The columns that hold a key's health, as the database stores them. */
export type HealthColumns = {
  state: KeyState;
  stateReason: string | null;
  stateSinceMs: number;
  stateUntilMs: number | null;
};

export type HealthRow = Pick<
  ProviderKeyRow,
  'state' | 'stateReason' | 'stateSince' | 'stateUntil' | 'drainAt'
>;

/** A row without an end where its state needs one was written by hand: it ends at once, or after the usual drain. */
export function toHealth({ state, stateReason, stateSinceMs, stateUntilMs }: HealthColumns): KeyHealth {
  const sinceMs = stateSinceMs;
  const reason = stateReason ?? 'unknown';
  switch (state) {
    case 'active':
      return { state, sinceMs };
    case 'cooling_down':
      return {
        state,
        reason: reason === 'breaker' ? reason : 'rate_limited',
        sinceMs,
        untilMs: stateUntilMs ?? sinceMs,
      };
    case 'exhausted':
      return { state, reason, sinceMs, untilMs: stateUntilMs ?? sinceMs };
    case 'draining':
      return { state, reason, sinceMs, untilMs: stateUntilMs ?? sinceMs + KEY_POLICY.drainMs };
    case 'quarantined':
    case 'disabled':
    default:
      return { state, reason, sinceMs };
  }
}

/** The stored health of a row that the query builder has read. */
export function readHealth(row: HealthRow): KeyHealth {
  return toHealth({
    state: row.state,
    stateReason: row.stateReason,
    stateSinceMs: row.stateSince.getTime(),
    stateUntilMs: row.stateUntil?.getTime() ?? null,
  });
}

export function untilOf(health: KeyHealth): number | null {
  return 'untilMs' in health ? health.untilMs : null;
}

/** What a row amounts to now; see {@link effectiveHealth}. */
export function readEffectiveHealth(row: HealthRow, nowMs: number): KeyHealth {
  return effectiveHealth(readHealth(row), row.drainAt?.getTime() ?? null, nowMs);
}

export function effectiveState(row: HealthRow, nowMs: number): KeyState {
  return readEffectiveHealth(row, nowMs).state;
}
