import type { Database } from '@ephemera/db';

import { describeError } from '../errors.ts';
import type { KeyCheck, KeyTester } from '../providers/key-tester.ts';
import { toCheckEvent } from './check-event.ts';
import { claimProbeStatement } from './health-statements.ts';
import type { KeyEntries } from './key-entries.ts';
import type { KeyEvent } from './key-health.ts';
import { MINT_POLICY } from './mint-policy.ts';
import type { PoolEntry } from './pool-entry.ts';
import type { KeySettler, SettlerOptions } from './settle-key.ts';

export type ProbeOptions = SettlerOptions & { database: Database };

export type Probes = {
  /** Takes the one probe of a half-open key; false where somebody else has it. */
  claim: (due: PoolEntry, forMs: number) => Promise<boolean>;
  /** Shows the key to its provider beside the requests, at the cost of none of them. Never rejects. */
  lookBeside: (due: PoolEntry, provider: string, tester: KeyTester) => Promise<void>;
};

/** A probe whose process died must not keep the key away for long; one that is under way must not be doubled. */
const LEASE_MARGIN_MS = 1_000;

function toProbeEvent(check: KeyCheck, nowMs: number): KeyEvent {
  // Not an operator's test: a pass heals what a probe may heal, and no more.
  return check.ok ? { kind: 'succeeded', isProbe: true } : toCheckEvent(check, nowMs);
}

export function createProbes(entries: KeyEntries, settler: KeySettler, options: ProbeOptions): Probes {
  const { clock, logger, database } = options;

  async function claim(entry: PoolEntry, forMs: number): Promise<boolean> {
    const untilMs = clock.now() + forMs + LEASE_MARGIN_MS;
    // At once, before anything is waited for: no other request of this process may try the same.
    entry.probeUntilMs = untilMs;
    const finish = entries.touch(entry, clock.now());
    try {
      const lease = { keyId: entry.id, untilMs };
      const { rowsAffected } = await database.write(claimProbeStatement(lease, clock.now()));
      return rowsAffected === 1;
    } catch (error) {
      logger.warn('provider_key.probe_not_claimed', { keyId: entry.id, error: describeError(error) });
      return false;
    } finally {
      finish();
    }
  }

  async function look(due: PoolEntry, provider: string, tester: KeyTester): Promise<void> {
    const { tryTimeoutMs } = MINT_POLICY;
    const { key } = due;
    if (key === null || !(await claim(due, tryTimeoutMs))) return;
    const check = await tester.check(provider, key.secret, tryTimeoutMs);
    const settled = check === null ? null : settler.change(due, toProbeEvent(check, clock.now()));
    if (settled === null) return;
    try {
      await database.writeAll(settled.statements);
    } finally {
      settled.finish();
    }
  }

  return {
    claim,
    lookBeside: async (due, provider, tester) => {
      try {
        await look(due, provider, tester);
      } catch (error) {
        // The lease ends by itself, and then the next request sees to it.
        logger.warn('provider_key.probe_failed', { keyId: due.id, error: describeError(error) });
      }
    },
  };
}
