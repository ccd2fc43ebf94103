import { describeError } from '../errors.ts';
import { claimProbeStatement } from './health-statements.ts';
import { createKeyEntries } from './key-entries.ts';
import type { AcquireOptions, KeyPool, Picked, PickResult } from './key-pool.ts';
import { MINT_POLICY } from './mint-policy.ts';
import type { PoolEntry } from './pool-entry.ts';
import { createPoolView } from './pool-view.ts';
import type { KeyReaderOptions } from './key-reader.ts';
import { findSoonestRetry, selectKey } from './select-key.ts';
import { createKeySettler } from './settle-key.ts';
import type { SettlerOptions } from './settle-key.ts';

export type ProviderPoolOptions = KeyReaderOptions & SettlerOptions;

export type ProviderPool = Omit<KeyPool, 'acquire'> & {
  acquire: (options: AcquireOptions) => PickResult | Promise<PickResult>;
};

/** A probe whose process died must not keep the key away for long; one that is under way must not be doubled. */
const LEASE_MARGIN_MS = 1_000;

/** The keys of one provider. */
export function createProviderPool(provider: string, options: ProviderPoolOptions): ProviderPool {
  const { clock, logger, database } = options;
  const entries = createKeyEntries();
  const settler = createKeySettler(entries, options);
  const view = createPoolView(options, { provider, entries, settler });

  function take(entry: PoolEntry, rest: Pick<Picked, 'key' | 'alternatives' | 'probeUntilMs'>): Picked {
    entry.inFlight += 1;
    return { kind: 'picked', provider, ...rest };
  }

  async function claim(entry: PoolEntry, untilMs: number): Promise<boolean> {
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

  async function probe(due: PoolEntry, usable: number, asked: AcquireOptions): Promise<PickResult> {
    const { tryTimeoutMs, loneTotalMs } = MINT_POLICY;
    const untilMs = clock.now() + (usable > 0 ? tryTimeoutMs : loneTotalMs) + LEASE_MARGIN_MS;
    // At once, before anything is waited for: no other request of this process may try the same.
    due.probeUntilMs = untilMs;
    const isMine = await claim(due, untilMs);
    if (!isMine || due.key === null) return choose(asked);
    return take(due, { key: due.key, alternatives: usable, probeUntilMs: untilMs });
  }

  function choose(asked: AcquireOptions): PickResult | Promise<PickResult> {
    const nowMs = clock.now();
    const list = entries.list();
    const { best, due, usable } = selectKey(list, asked.exclude, nowMs);
    if (due !== null) return probe(due, usable, asked);
    if (best !== null && best.key !== null)
      return take(best, { key: best.key, alternatives: usable - 1, probeUntilMs: null });
    return { kind: 'none', isEmpty: list.length === 0, soonestRetryAtMs: findSoonestRetry(list, nowMs) };
  }

  async function waitAndChoose(ready: Promise<void>, asked: AcquireOptions): Promise<PickResult> {
    await ready;
    return await choose(asked);
  }

  return {
    acquire: (asked) => {
      const ready = view.prepare(asked.waitUntil);
      return ready === null ? choose(asked) : waitAndChoose(ready, asked);
    },
    succeed: settler.succeed,
    fail: settler.fail,
    release: ({ key }) => {
      const entry = entries.find(key.id);
      if (entry !== undefined) entry.inFlight -= 1;
    },
    invalidate: view.invalidate,
  };
}
