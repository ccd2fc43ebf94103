import { createKeyEntries } from './key-entries.ts';
import type { AcquireOptions, KeyPool, Picked, PickResult } from './key-pool.ts';
import { MINT_POLICY } from './mint-policy.ts';
import type { PoolEntry } from './pool-entry.ts';
import { createPoolView } from './pool-view.ts';
import { createProbes } from './probes.ts';
import type { KeyReaderOptions } from './key-reader.ts';
import { findSoonestRetry, selectKey } from './select-key.ts';
import { createKeySettler } from './settle-key.ts';
import type { SettlerOptions } from './settle-key.ts';

export type ProviderPoolOptions = KeyReaderOptions & SettlerOptions;

export type ProviderPool = Omit<KeyPool, 'acquire'> & {
  acquire: (options: AcquireOptions) => PickResult | Promise<PickResult>;
};

/** Only a mint tells whether there is quota again, and it is told at once: no look from the side can do that. */
function canLookBeside(due: PoolEntry): boolean {
  return due.health.state === 'cooling_down';
}

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

  function choose(asked: AcquireOptions): PickResult | Promise<PickResult> {
    const nowMs = clock.now();
    const list = entries.list();
    const { best, due, usable } = selectKey(list, asked.exclude, nowMs);
    const tester = best !== null && due !== null && canLookBeside(due) ? asked.keyTester : undefined;
    if (due !== null && tester === undefined) return probe(due, usable, asked);
    if (due !== null && tester !== undefined) {
      const look = probes.lookBeside(due, provider, tester);
      asked.waitUntil?.(look);
    }
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
