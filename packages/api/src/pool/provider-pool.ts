import { createKeyEntries } from './key-entries.ts';
import type { AcquireOptions, KeyPool, Picked, PickResult } from './key-pool.ts';
import { MINT_POLICY } from './mint-policy.ts';
import type { PoolEntry } from './pool-entry.ts';
import { createPoolView } from './pool-view.ts';
import { createProbes } from './probes.ts';
import type { KeyReaderOptions } from './key-reader.ts';
import { findRetryAt, findSoonestRetry, selectKey } from './select-key.ts';
import { createKeySettler } from './settle-key.ts';
import type { SettlerOptions } from './settle-key.ts';

export type ProviderPoolOptions = KeyReaderOptions & SettlerOptions;

export type ProviderPool = Omit<KeyPool, 'acquire' | 'findRetryAt'> & {
  findRetryAt: () => number | null;
  acquire: (options: AcquireOptions) => PickResult | Promise<PickResult>;
};

/** The keys of one provider. */
export function createProviderPool(provider: string, options: ProviderPoolOptions): ProviderPool {
  const { clock } = options;
  const entries = createKeyEntries();
  const settler = createKeySettler(entries, options);
  const probes = createProbes(entries, settler, options);
  const view = createPoolView(options, { provider, entries, settler });

  function take(entry: PoolEntry, rest: Pick<Picked, 'key' | 'alternatives' | 'probeUntilMs'>): Picked {
    entry.inFlight += 1;
    return { kind: 'picked', provider, ...rest };
  }

  async function probe(due: PoolEntry, usable: number, asked: AcquireOptions): Promise<PickResult> {
    const { tryTimeoutMs, loneTotalMs } = MINT_POLICY;
    const isMine = await probes.claim(due, usable > 0 ? tryTimeoutMs : loneTotalMs);
    if (!isMine || due.key === null) return choose(asked);
    return take(due, { key: due.key, alternatives: usable, probeUntilMs: due.probeUntilMs });
  }

  /** False where the caller's own request has to be the probe: no other key serves, or only a mint tells of the quota. */
  function lookBeside(due: PoolEntry, best: PoolEntry | null, asked: AcquireOptions): boolean {
    const { keyTester, waitUntil } = asked;
    if (best === null || keyTester === undefined || due.health.state !== 'cooling_down') return false;
    const look = probes.lookBeside(due, provider, keyTester);
    waitUntil?.(look);
    return true;
  }

  function choose(asked: AcquireOptions, mayLookAgain = true): PickResult | Promise<PickResult> {
    const nowMs = clock.now();
    const list = entries.list();
    const { best, due, usable } = selectKey(list, asked.exclude, nowMs);
    if (due !== null && !lookBeside(due, best, asked)) return probe(due, usable, asked);
    if (best !== null && best.key !== null)
      return take(best, { key: best.key, alternatives: usable - 1, probeUntilMs: null });
    const again = mayLookAgain ? view.lookAgain() : null;
    if (again !== null) return waitAndChoose(again, asked, false);
    return { kind: 'none', isEmpty: list.length === 0, soonestRetryAtMs: findSoonestRetry(list, nowMs) };
  }

  async function waitAndChoose(
    ready: Promise<void>,
    asked: AcquireOptions,
    mayLookAgain = true,
  ): Promise<PickResult> {
    await ready;
    return await choose(asked, mayLookAgain);
  }

  return {
    acquire: (asked) => {
      const ready = view.prepare(asked.waitUntil);
      return ready === null ? choose(asked) : waitAndChoose(ready, asked);
    },
    succeed: settler.succeed,
    fail: settler.fail,
    findRetryAt: () => findRetryAt(entries.list(), clock.now()),
    release: ({ key }) => {
      const entry = entries.find(key.id);
      if (entry !== undefined) entry.inFlight -= 1;
    },
    invalidate: view.invalidate,
  };
}
