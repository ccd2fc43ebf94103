import { test } from 'vitest';

import type { FailureClass } from './failure-class.ts';
import type { KeyEvent, KeyHealth } from './key-health.ts';
import { effectiveHealth, isHalfOpen, isProlonged, KEY_POLICY, transition } from './key-health.ts';

const NOW = Date.UTC(2026, 10, 21, 12);
const MIDNIGHT = Date.UTC(2026, 10, 22);
const BEFORE = NOW - 60_000;
const LATER = NOW + 60_000;

const STATES = {
  active: { state: 'active', sinceMs: BEFORE },
  limited: { state: 'cooling_down', reason: 'rate_limited', sinceMs: BEFORE, untilMs: NOW + 3_000 },
  limitOver: { state: 'cooling_down', reason: 'rate_limited', sinceMs: BEFORE, untilMs: NOW },
  broken: { state: 'cooling_down', reason: 'breaker', sinceMs: BEFORE, untilMs: NOW + 3_000 },
  exhausted: { state: 'exhausted', reason: 'insufficient_quota', sinceMs: BEFORE, untilMs: MIDNIGHT },
  brokenDue: { state: 'cooling_down', reason: 'breaker', sinceMs: BEFORE, untilMs: NOW },
  exhaustedDue: { state: 'exhausted', reason: 'insufficient_quota', sinceMs: BEFORE, untilMs: NOW },
  quarantined: { state: 'quarantined', reason: 'invalid_api_key', sinceMs: BEFORE },
  disabled: { state: 'disabled', reason: 'operator', sinceMs: BEFORE },
  draining: { state: 'draining', reason: 'operator', sinceMs: BEFORE, untilMs: LATER },
} as const satisfies Record<string, KeyHealth>;

function failed(failure: FailureClass, extra: Partial<KeyEvent & { kind: 'failed' }> = {}): KeyEvent {
  const base = { code: null, isProbe: false, retryAfterMs: null, failuresInRow: 1, msSinceSuccess: 0 };
  return { kind: 'failed', failure, ...base, ...extra };
}

const outage = { failuresInRow: 5, msSinceSuccess: 1_000 };

const EVENTS = {
  success: { kind: 'succeeded', isProbe: false },
  probeSuccess: { kind: 'succeeded', isProbe: true },
  rejected: failed('key_rejected', { code: 'invalid_api_key' }),
  quota: failed('quota_exhausted', { code: 'insufficient_quota' }),
  limit: failed('rate_limited', { retryAfterMs: 1_500 }),
  longLimit: failed('rate_limited', { retryAfterMs: 9_000 }),
  limitUnsaid: failed('rate_limited'),
  serverError: failed('server_error', outage),
  fourInRow: failed('server_error', { ...outage, failuresInRow: 4 }),
  amongSuccesses: failed('server_error', { failuresInRow: 9, msSinceSuccess: 999 }),
  timeout: failed('timeout', outage),
  unreachable: failed('unreachable', outage),
  garbage: failed('invalid_answer', outage),
  forbidden: failed('forbidden', outage),
  badRequest: failed('request_refused', outage),
  probeRejected: failed('key_rejected', { isProbe: true }),
  probeQuota: failed('quota_exhausted', { isProbe: true }),
  probeLimit: failed('rate_limited', { isProbe: true, retryAfterMs: 1_500 }),
  probeTimeout: failed('timeout', { isProbe: true }),
  probeForbidden: failed('forbidden', { isProbe: true }),
  damaged: { kind: 'damaged' },
  tested: { kind: 'tested' },
  enabled: { kind: 'enabled' },
  disabled: { kind: 'disabled' },
  drained: { kind: 'drained', untilMs: LATER },
} as const satisfies Record<string, KeyEvent>;

type StateName = keyof typeof STATES;
type EventName = keyof typeof EVENTS;

const cooling = (reason: 'rate_limited' | 'breaker', forMs: number, sinceMs = NOW): KeyHealth => ({
  state: 'cooling_down',
  reason,
  sinceMs,
  untilMs: NOW + forMs,
});
const quarantined = (reason: string): KeyHealth => ({ state: 'quarantined', reason, sinceMs: NOW });
const exhausted = (reason: string, sinceMs = NOW): KeyHealth => ({
  state: 'exhausted',
  reason,
  sinceMs,
  untilMs: MIDNIGHT,
});
const ACTIVE: KeyHealth = { state: 'active', sinceMs: NOW };
const DISABLED: KeyHealth = { state: 'disabled', reason: 'operator', sinceMs: NOW };
const DRAINING: KeyHealth = { state: 'draining', reason: 'operator', sinceMs: NOW, untilMs: LATER };

const OUTAGES = [
  'serverError',
  'fourInRow',
  'amongSuccesses',
  'timeout',
  'unreachable',
  'garbage',
  'probeTimeout',
] as const satisfies EventName[];

function forEach(names: readonly EventName[], health: KeyHealth): Partial<Record<EventName, KeyHealth>> {
  return Object.fromEntries(names.map((name) => [name, health]));
}

/** What changes. A pair that is not listed leaves the very same object. */
const CHANGES: Record<StateName, Partial<Record<EventName, KeyHealth>>> = {
  active: {
    rejected: quarantined('invalid_api_key'),
    probeRejected: quarantined('key_rejected'),
    quota: exhausted('insufficient_quota'),
    probeQuota: exhausted('quota_exhausted'),
    limit: cooling('rate_limited', 1_500),
    longLimit: cooling('rate_limited', 9_000),
    limitUnsaid: cooling('rate_limited', 5_000),
    probeLimit: cooling('rate_limited', 1_500),
    serverError: cooling('breaker', 5_000),
    timeout: cooling('breaker', 5_000),
    unreachable: cooling('breaker', 5_000),
    garbage: cooling('breaker', 5_000),
    damaged: quarantined('damaged'),
    disabled: DISABLED,
    drained: DRAINING,
  },
  limited: {
    rejected: quarantined('invalid_api_key'),
    probeRejected: quarantined('key_rejected'),
    quota: exhausted('insufficient_quota'),
    probeQuota: exhausted('quota_exhausted'),
    longLimit: cooling('rate_limited', 9_000, BEFORE),
    limitUnsaid: cooling('rate_limited', 5_000, BEFORE),
    probeSuccess: ACTIVE,
    probeLimit: cooling('rate_limited', 1_500),
    probeTimeout: cooling('breaker', 5_000, BEFORE),
    probeForbidden: ACTIVE,
    damaged: quarantined('damaged'),
    tested: ACTIVE,
    enabled: ACTIVE,
    disabled: DISABLED,
    drained: DRAINING,
  },
  // Over: it is an active key, and its time says so. Limited again so soon, it is still the same limit.
  limitOver: {
    rejected: quarantined('invalid_api_key'),
    probeRejected: quarantined('key_rejected'),
    quota: exhausted('insufficient_quota'),
    probeQuota: exhausted('quota_exhausted'),
    limit: cooling('rate_limited', 1_500, BEFORE),
    longLimit: cooling('rate_limited', 9_000, BEFORE),
    limitUnsaid: cooling('rate_limited', 5_000, BEFORE),
    probeLimit: cooling('rate_limited', 1_500, BEFORE),
    serverError: cooling('breaker', 5_000),
    timeout: cooling('breaker', 5_000),
    unreachable: cooling('breaker', 5_000),
    garbage: cooling('breaker', 5_000),
    damaged: quarantined('damaged'),
    disabled: DISABLED,
    drained: DRAINING,
  },
  broken: {
    rejected: quarantined('invalid_api_key'),
    probeRejected: quarantined('key_rejected'),
    quota: exhausted('insufficient_quota'),
    probeQuota: exhausted('quota_exhausted'),
    longLimit: cooling('breaker', 9_000, BEFORE),
    limitUnsaid: cooling('breaker', 5_000, BEFORE),
    probeSuccess: ACTIVE,
    probeLimit: cooling('rate_limited', 1_500),
    probeTimeout: cooling('breaker', 5_000, BEFORE),
    probeForbidden: ACTIVE,
    damaged: quarantined('damaged'),
    tested: ACTIVE,
    enabled: ACTIVE,
    disabled: DISABLED,
    drained: DRAINING,
  },
  exhausted: {
    rejected: quarantined('invalid_api_key'),
    probeRejected: quarantined('key_rejected'),
    probeSuccess: ACTIVE,
    probeQuota: exhausted('quota_exhausted', BEFORE),
    probeLimit: cooling('rate_limited', 1_500),
    probeTimeout: cooling('breaker', 5_000),
    damaged: quarantined('damaged'),
    tested: ACTIVE,
    enabled: ACTIVE,
    disabled: DISABLED,
    drained: DRAINING,
  },
  // Whatever is heard of a half-open key is its probe.
  brokenDue: {
    success: ACTIVE,
    probeSuccess: ACTIVE,
    rejected: quarantined('invalid_api_key'),
    probeRejected: quarantined('key_rejected'),
    quota: exhausted('insufficient_quota'),
    probeQuota: exhausted('quota_exhausted'),
    limit: cooling('rate_limited', 1_500),
    longLimit: cooling('rate_limited', 9_000),
    limitUnsaid: cooling('rate_limited', 5_000),
    probeLimit: cooling('rate_limited', 1_500),
    ...forEach(OUTAGES, cooling('breaker', 5_000, BEFORE)),
    ...forEach(['forbidden', 'badRequest', 'probeForbidden'], ACTIVE),
    ...forEach(['tested', 'enabled'], ACTIVE),
    damaged: quarantined('damaged'),
    disabled: DISABLED,
    drained: DRAINING,
  },
  exhaustedDue: {
    success: ACTIVE,
    probeSuccess: ACTIVE,
    rejected: quarantined('invalid_api_key'),
    probeRejected: quarantined('key_rejected'),
    quota: exhausted('insufficient_quota', BEFORE),
    probeQuota: exhausted('quota_exhausted', BEFORE),
    limit: cooling('rate_limited', 1_500),
    longLimit: cooling('rate_limited', 9_000),
    limitUnsaid: cooling('rate_limited', 5_000),
    probeLimit: cooling('rate_limited', 1_500),
    ...forEach(OUTAGES, cooling('breaker', 5_000)),
    ...forEach(['tested', 'enabled'], ACTIVE),
    damaged: quarantined('damaged'),
    disabled: DISABLED,
    drained: DRAINING,
  },
  quarantined: {
    damaged: quarantined('damaged'),
    tested: ACTIVE,
    enabled: ACTIVE,
    disabled: DISABLED,
    drained: DRAINING,
  },
  disabled: { enabled: ACTIVE },
  // No failure ends a drain: whoever tests the key later would not know of it.
  draining: {
    enabled: ACTIVE,
    disabled: DISABLED,
    drained: DRAINING,
  },
};

// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- Object.keys forgets the keys of a constant
const namesOf = <T extends object>(table: T) => Object.keys(table) as (keyof T)[];

for (const stateName of namesOf(STATES)) {
  test(`${stateName}: every event does what the table says, and nothing else`, ({ expect }) => {
    for (const eventName of namesOf(EVENTS)) {
      const before = STATES[stateName];
      const after = transition(before, EVENTS[eventName], NOW);
      const expected = CHANGES[stateName][eventName];
      if (expected === undefined) expect(after, eventName).toBe(before);
      else expect(after, eventName).toEqual(expected);
    }
  });
}

test('a quarantined or disabled key is never brought back by traffic', ({ expect }) => {
  const traffic = namesOf(EVENTS).filter((name) => ['succeeded', 'failed'].includes(EVENTS[name].kind));
  for (const name of traffic) {
    expect(transition(STATES.quarantined, EVENTS[name], LATER), name).toBe(STATES.quarantined);
    expect(transition(STATES.disabled, EVENTS[name], LATER), name).toBe(STATES.disabled);
  }
});

test('a rate limit ends by itself, to the millisecond; an open breaker and a used-up quota wait for a probe', ({
  expect,
}) => {
  const limited = transition(STATES.active, EVENTS.limit, NOW);
  expect(effectiveHealth(limited, null, NOW + 1_499).state).toBe('cooling_down');
  expect(effectiveHealth(limited, null, NOW + 1_500)).toEqual({ state: 'active', sinceMs: NOW + 1_500 });
  expect(isHalfOpen(limited, NOW + 1_500)).toBe(false);

  const broken = transition(STATES.active, EVENTS.timeout, NOW);
  expect([isHalfOpen(broken, NOW + 4_999), isHalfOpen(broken, NOW + 5_000)]).toEqual([false, true]);
  expect(effectiveHealth(broken, null, NOW + 5_000)).toBe(broken);

  const spent = transition(STATES.active, EVENTS.quota, NOW);
  expect([isHalfOpen(spent, MIDNIGHT - 1), isHalfOpen(spent, MIDNIGHT)]).toEqual([false, true]);
  expect(effectiveHealth(spent, null, MIDNIGHT)).toBe(spent);
});

test('a limit that is met again within a minute is still the same one, and a new one after that', ({
  expect,
}) => {
  const { limitOver } = STATES;
  const within = transition(limitOver, EVENTS.limit, NOW + KEY_POLICY.relapseMs - 1);
  const after = transition(limitOver, EVENTS.limit, NOW + KEY_POLICY.relapseMs);
  expect([within.sinceMs, after.sinceMs]).toEqual([BEFORE, NOW + KEY_POLICY.relapseMs]);
  expect([isProlonged(limitOver, within), isProlonged(limitOver, after)]).toEqual([true, false]);
  expect(isProlonged(limitOver, transition(limitOver, EVENTS.timeout, NOW))).toBe(false);
});

function waitAfter(retryAfterMs: number): number | null {
  const health = transition(STATES.active, failed('rate_limited', { retryAfterMs }), NOW);
  return health.state === 'cooling_down' ? health.untilMs - NOW : null;
}

test('a wait is a whole number of milliseconds and a month at most, whatever a header says', ({ expect }) => {
  expect(waitAfter(1_500.2)).toBe(1_501);
  expect(waitAfter(0)).toBe(0);
  expect(waitAfter(1e300)).toBe(31 * 86_400_000);
});

test('a rotated key drains when the overlap ends and is off when the drain does, with nobody sweeping', ({
  expect,
}) => {
  const { active, limited, quarantined: out, disabled, draining } = STATES;
  expect(effectiveHealth(active, NOW + 1, NOW)).toBe(active);
  for (const health of [active, limited])
    expect(effectiveHealth(health, NOW - 5, NOW)).toEqual({
      state: 'draining',
      reason: 'rotated',
      sinceMs: NOW - 5,
      untilMs: NOW - 5 + KEY_POLICY.drainMs,
    });
  expect(effectiveHealth(active, NOW - KEY_POLICY.drainMs, NOW)).toEqual({
    state: 'disabled',
    reason: 'drained',
    sinceMs: NOW,
  });
  expect(effectiveHealth(draining, null, LATER)).toEqual({
    state: 'disabled',
    reason: 'drained',
    sinceMs: LATER,
  });
  expect(effectiveHealth(out, NOW - 5, NOW)).toBe(out);
  expect(effectiveHealth(disabled, NOW - 5, NOW)).toBe(disabled);
});
