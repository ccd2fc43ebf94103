import type { ProviderKeyState } from '@ephemera/db';

import type { FailureClass } from './failure-class.ts';

export type KeyState = ProviderKeyState;

/** In which state a key is, why, since when, until when. Times are unix milliseconds. */
export type KeyHealth =
  | { state: 'active'; sinceMs: number }
  | { state: 'cooling_down'; reason: 'rate_limited' | 'breaker'; sinceMs: number; untilMs: number }
  | { state: 'exhausted'; reason: string; sinceMs: number; untilMs: number }
  | { state: 'quarantined'; reason: string; sinceMs: number }
  | { state: 'disabled'; reason: string; sinceMs: number }
  | { state: 'draining'; reason: string; sinceMs: number; untilMs: number };

/**
 * What a try said. `isProbe`: it was the one request that a mint allows a half-open key. Whatever else is heard of a key
 * that is half open, by a service's report, counts as one too.
 */
export type TryFailed = {
  kind: 'failed';
  failure: FailureClass;
  code: string | null;
  isProbe: boolean;
  retryAfterMs: number | null;
  /** This failure included, in this process. */
  failuresInRow: number;
  msSinceSuccess: number;
};

export type KeyEvent =
  | { kind: 'succeeded'; isProbe: boolean }
  | TryFailed
  /** Its ciphertext does not open. */
  | { kind: 'damaged' }
  /** An operator's test of the key passed. */
  | { kind: 'tested' }
  | { kind: 'enabled' }
  | { kind: 'disabled' }
  | { kind: 'drained'; untilMs: number };

export const KEY_POLICY = {
  /** The breaker opens after so many failures in a row … */
  breakerFailures: 5,
  /** … if none of them fell into the time in which the key also worked: errors here and there are no outage. */
  breakerQuietMs: 1_000,
  /** And lets one probe through after this. */
  breakerMs: 5_000,
  /** For a 429 that does not say when to come back. */
  defaultCooldownMs: 5_000,
  /** A limit that is met again so soon after it ended is still the same one. */
  relapseMs: 60_000,
  /** Longer than any limit of a provider: what asks for more is no sensible answer. */
  maxCooldownMs: 2_678_400_000,
  /** From the end of a rotation's overlap until the old key is off: the longest that a session lasts. */
  drainMs: 3_600_000,
} as const;

const DAY_MS = 86_400_000;

function nextMidnight(nowMs: number): number {
  return (Math.floor(nowMs / DAY_MS) + 1) * DAY_MS;
}

function activate(nowMs: number): KeyHealth {
  return { state: 'active', sinceMs: nowMs };
}

function quarantine(reason: string, nowMs: number): KeyHealth {
  return { state: 'quarantined', reason, sinceMs: nowMs };
}

function exhaust(event: TryFailed, nowMs: number): KeyHealth {
  const reason = event.code ?? 'quota_exhausted';
  return { state: 'exhausted', reason, sinceMs: nowMs, untilMs: nextMidnight(nowMs) };
}

function endCooldown({ retryAfterMs }: TryFailed, nowMs: number): number {
  const { defaultCooldownMs, maxCooldownMs } = KEY_POLICY;
  return nowMs + Math.ceil(Math.min(retryAfterMs ?? defaultCooldownMs, maxCooldownMs));
}

function coolDown(event: TryFailed, nowMs: number): KeyHealth {
  const untilMs = endCooldown(event, nowMs);
  return { state: 'cooling_down', reason: 'rate_limited', sinceMs: nowMs, untilMs };
}

function openBreaker(sinceMs: number, nowMs: number): KeyHealth {
  const untilMs = nowMs + KEY_POLICY.breakerMs;
  return { state: 'cooling_down', reason: 'breaker', sinceMs, untilMs };
}

type Outage = 'server_error' | 'timeout' | 'unreachable' | 'invalid_answer';

export function isOutage(failure: FailureClass): failure is Outage {
  return (
    failure === 'server_error' ||
    failure === 'timeout' ||
    failure === 'unreachable' ||
    failure === 'invalid_answer'
  );
}

function failActive(health: KeyHealth, event: TryFailed, nowMs: number): KeyHealth {
  if (event.failure === 'quota_exhausted') return exhaust(event, nowMs);
  if (event.failure === 'rate_limited') return coolDown(event, nowMs);
  if (!isOutage(event.failure)) return health;
  const isOpening =
    event.failuresInRow >= KEY_POLICY.breakerFailures && event.msSinceSuccess >= KEY_POLICY.breakerQuietMs;
  return isOpening ? openBreaker(nowMs, nowMs) : health;
}

type CoolingDown = KeyHealth & { state: 'cooling_down' };
type Exhausted = KeyHealth & { state: 'exhausted' };

function failCoolingDown(health: CoolingDown, event: TryFailed, nowMs: number): KeyHealth {
  if (event.failure === 'quota_exhausted') return exhaust(event, nowMs);
  if (event.failure === 'rate_limited') {
    // A probe that is told to come back later has been answered: the outage is over.
    if (event.isProbe) return coolDown(event, nowMs);
    const untilMs = endCooldown(event, nowMs);
    return untilMs > health.untilMs ? { ...health, untilMs } : health;
  }
  if (!event.isProbe) return health;
  // A refusal of the request is an answer: the outage is over.
  return isOutage(event.failure) ? openBreaker(health.sinceMs, nowMs) : activate(nowMs);
}

function failExhausted(health: Exhausted, event: TryFailed, nowMs: number): KeyHealth {
  if (!event.isProbe) return health;
  if (event.failure === 'quota_exhausted') return { ...exhaust(event, nowMs), sinceMs: health.sinceMs };
  if (event.failure === 'rate_limited') return coolDown(event, nowMs);
  // The quota is as unknown as before, but it is the outage that has to end first.
  return isOutage(event.failure) ? openBreaker(nowMs, nowMs) : health;
}

type Out = KeyHealth & { state: 'quarantined' | 'disabled' | 'draining' };

/** No traffic moves these: an operator took them out, or has to act. A drain that a failure ended would be forgotten. */
function isOut(health: KeyHealth): health is Out {
  return health.state === 'quarantined' || health.state === 'disabled' || health.state === 'draining';
}

function fail(health: KeyHealth, event: TryFailed, nowMs: number): KeyHealth {
  if (isOut(health)) return health;
  if (event.failure === 'key_rejected') return quarantine(event.code ?? 'key_rejected', nowMs);
  if (health.state === 'active') return failActive(health, event, nowMs);
  if (health.state === 'cooling_down') return failCoolingDown(health, event, nowMs);
  return failExhausted(health, event, nowMs);
}

function succeed(health: KeyHealth, isProbe: boolean, nowMs: number): KeyHealth {
  if (!isProbe && !isHalfOpen(health, nowMs)) return health;
  return health.state === 'cooling_down' || health.state === 'exhausted' ? activate(nowMs) : health;
}

function damage(health: KeyHealth, nowMs: number): KeyHealth {
  if (health.state === 'disabled' || health.state === 'draining') return health;
  return health.state === 'quarantined' && health.reason === 'damaged'
    ? health
    : quarantine('damaged', nowMs);
}

function isOff(health: KeyHealth): boolean {
  return health.state === 'disabled';
}

function drain(untilMs: number, nowMs: number): KeyHealth {
  return { state: 'draining', reason: 'operator', sinceMs: nowMs, untilMs };
}

function pass(health: KeyHealth, nowMs: number): KeyHealth {
  const isLeftAlone = isOff(health) || health.state === 'draining' || health.state === 'active';
  return isLeftAlone ? health : activate(nowMs);
}

function isLimited(health: KeyHealth): health is CoolingDown {
  return health.state === 'cooling_down' && health.reason === 'rate_limited';
}

/** A rate limit that is over leaves nothing to be probed: the key is simply usable again. */
function expireCooldown(health: KeyHealth, nowMs: number): KeyHealth {
  return isLimited(health) && health.untilMs <= nowMs ? activate(health.untilMs) : health;
}

function react(health: KeyHealth, event: KeyEvent, nowMs: number): KeyHealth {
  switch (event.kind) {
    case 'succeeded':
      return succeed(health, event.isProbe, nowMs);
    case 'failed':
      return fail(health, isHalfOpen(health, nowMs) ? { ...event, isProbe: true } : event, nowMs);
    case 'damaged':
      return damage(health, nowMs);
    case 'tested':
      return pass(health, nowMs);
    case 'enabled':
      return health.state === 'active' ? health : activate(nowMs);
    case 'disabled':
      return isOff(health) ? health : { state: 'disabled', reason: 'operator', sinceMs: nowMs };
    case 'drained':
    default:
      return isOff(health) ? health : drain(event.untilMs, nowMs);
  }
}

/**
 * The one place that decides what becomes of a key. Pure; answers the very same object where nothing changes, so that a
 * caller knows that there is nothing to write. That a rate limit has run out is nothing to write: its time says so.
 */
export function transition(stored: KeyHealth, event: KeyEvent, nowMs: number): KeyHealth {
  const health = expireCooldown(stored, nowMs);
  const next = react(health, event, nowMs);
  if (next === health) return stored;
  const isRelapse =
    health !== stored &&
    isLimited(stored) &&
    isLimited(next) &&
    nowMs - stored.untilMs < KEY_POLICY.relapseMs;
  return isRelapse ? { ...next, sinceMs: stored.sinceMs } : next;
}

/** The same time out, only longer: no news to an operator. */
export function isProlonged(from: KeyHealth, to: KeyHealth): boolean {
  return from.state === to.state && from.sinceMs === to.sinceMs && reasonOf(from) === reasonOf(to);
}

export function reasonOf(health: KeyHealth): string | null {
  return 'reason' in health ? health.reason : null;
}

function isInService({ state }: KeyHealth): boolean {
  return state === 'active' || state === 'cooling_down' || state === 'exhausted';
}

/**
 * What a stored state amounts to at a moment: a rate limit that is over, the end of a rotation's overlap, the end of a
 * drain. Right even where nothing sweeps.
 */
export function effectiveHealth(stored: KeyHealth, drainAtMs: number | null, nowMs: number): KeyHealth {
  let health = expireCooldown(stored, nowMs);
  if (drainAtMs !== null && drainAtMs <= nowMs && isInService(health)) {
    const untilMs = drainAtMs + KEY_POLICY.drainMs;
    health = { state: 'draining', reason: 'rotated', sinceMs: drainAtMs, untilMs };
  }
  if (health.state !== 'draining' || health.untilMs > nowMs) return health;
  return { state: 'disabled', reason: 'drained', sinceMs: health.untilMs };
}

/**
 * Whether others than the mint may use it: they have no part in its probes, and most of their providers no mints. What
 * they report of a key whose time is over is its probe.
 */
export function isUsableOutside(stored: KeyHealth, drainAtMs: number | null, nowMs: number): boolean {
  const health = effectiveHealth(stored, drainAtMs, nowMs);
  return health.state === 'active' || isHalfOpen(health, nowMs);
}

/** After `untilMs` these wait for one probe before the mint uses them again. */
export function isHalfOpen(health: KeyHealth, nowMs: number): boolean {
  if (health.state === 'exhausted') return health.untilMs <= nowMs;
  return health.state === 'cooling_down' && health.reason === 'breaker' && health.untilMs <= nowMs;
}
