import type { Clock, Logger } from '../context.ts';
import type { IdSource } from '../ids.ts';
import { changeStatements, releaseProbeStatement } from './health-statements.ts';
import type { KeyEntries } from './key-entries.ts';
import { isHalfOpen, isOutage, isProlonged, reasonOf, transition } from './key-health.ts';
import type { KeyEvent, KeyHealth, TryFailed } from './key-health.ts';
import type { Failure, Picked, Settlement } from './key-pool.ts';
import { addError } from './pool-entry.ts';
import type { PoolEntry } from './pool-entry.ts';

export type SettlerOptions = {
  clock: Clock;
  ids: Pick<IdSource, 'auditId' | 'alertId'>;
  logger: Logger;
};

function endUse(entry: PoolEntry): void {
  entry.inFlight -= 1;
  entry.uses += 1;
}

/** The provider answered, whatever it said: there is no outage. */
function isAnswer({ failure }: Failure): boolean {
  return failure === 'forbidden' || failure === 'request_refused';
}

function noteFailure(entry: PoolEntry, failure: Failure, nowMs: number): TryFailed {
  if (isAnswer(failure)) {
    entry.failuresInRow = 0;
    entry.lastSuccessAtMs = nowMs;
  } else {
    entry.failuresInRow += 1;
    addError(entry, nowMs);
  }
  return {
    kind: 'failed',
    ...failure,
    isProbe: false,
    failuresInRow: entry.failuresInRow,
    msSinceSuccess: nowMs - entry.lastSuccessAtMs,
  };
}

export type KeySettler = {
  succeed: (picked: Picked, requestId: string) => Settlement | null;
  fail: (picked: Picked, failure: Failure, requestId: string) => Settlement | null;
  /** For what is found out about a key without a request of anybody. */
  change: (entry: PoolEntry, event: KeyEvent) => Settlement | null;
};

function logChange(logger: Logger, { id: keyId, health }: PoolEntry, from: KeyHealth): void {
  const fields = { keyId, from: from.state, to: health.state, reason: reasonOf(health) };
  logger[health.state === 'quarantined' ? 'error' : 'info']('provider_key.changed', fields);
}

/** Lets an event act on an entry, and says what to write; null where it changes nothing. */
type Apply = (entry: PoolEntry, event: KeyEvent, requestId: string) => Settlement | null;

function createApply(entries: KeyEntries, options: SettlerOptions): Apply {
  const { clock, logger } = options;
  return (entry, event, requestId) => {
    const from = entry.health;
    const to = transition(from, event, clock.now());
    if (to === from) return null;
    entry.health = to;
    entry.probeUntilMs = 0;
    if (!isProlonged(from, to)) logChange(logger, entry, from);
    const change = { keyId: entry.id, name: entry.name, from, to };
    return {
      statements: changeStatements({ ...options, requestId }, change),
      finish: entries.touch(entry, clock.now()),
    };
  };
}

function findDomain(entries: KeyEntries, { limitDomain, id }: PoolEntry): PoolEntry[] {
  if (limitDomain === null) return [];
  return entries.list().filter((other) => other.limitDomain === limitDomain && other.id !== id);
}

function join(parts: readonly Settlement[]): Settlement | null {
  const [first = null] = parts;
  if (parts.length < 2) return first;
  return {
    statements: parts.flatMap(({ statements }) => statements),
    finish: () => {
      for (const part of parts) part.finish();
    },
  };
}

/** What becomes of a key after a try: at once in memory, and as statements for whoever commits them. */
export function createKeySettler(entries: KeyEntries, options: SettlerOptions): KeySettler {
  const { clock } = options;
  const apply = createApply(entries, options);

  function releaseProbe(entry: PoolEntry, untilMs: number): Settlement {
    entry.probeUntilMs = 0;
    const statements = [releaseProbeStatement({ keyId: entry.id, untilMs })];
    return { statements, finish: entries.touch(entry, clock.now()) };
  }

  function applyFailure(entry: PoolEntry, event: TryFailed, requestId: string): Settlement[] {
    // A try that began before the breaker opened says nothing new of the outage, and must not put the probe off.
    const isOld = !event.isProbe && isOutage(event.failure) && isHalfOpen(entry.health, clock.now());
    const parts = isOld ? [] : [apply(entry, event, requestId)];
    if (event.failure === 'rate_limited')
      for (const other of findDomain(entries, entry))
        parts.push(apply(other, { ...event, isProbe: false }, requestId));
    return parts.filter((part) => part !== null);
  }

  return {
    succeed: ({ key, probeUntilMs }, requestId) => {
      const entry = entries.find(key.id);
      if (entry === undefined) return null;
      endUse(entry);
      entry.failuresInRow = 0;
      entry.lastSuccessAtMs = clock.now();
      if (entry.health.state === 'active') return null;
      return apply(entry, { kind: 'succeeded', isProbe: probeUntilMs !== null }, requestId);
    },
    fail: ({ key, probeUntilMs }, failure, requestId) => {
      const entry = entries.find(key.id);
      if (entry === undefined) return null;
      endUse(entry);
      const event = { ...noteFailure(entry, failure, clock.now()), isProbe: probeUntilMs !== null };
      const parts = applyFailure(entry, event, requestId);
      if (probeUntilMs !== null && parts.length === 0) parts.push(releaseProbe(entry, probeUntilMs));
      return join(parts);
    },
    change: (entry, event) => apply(entry, event, 'pool'),
  };
}
