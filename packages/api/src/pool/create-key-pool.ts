import type { KeyPool } from './key-pool.ts';
import { createProviderPool } from './provider-pool.ts';
import type { ProviderPool, ProviderPoolOptions } from './provider-pool.ts';

export type KeyPoolOptions = ProviderPoolOptions;

/** One pool for all providers; each has keys of its own, read when the first of them is asked for. */
export function createKeyPool(options: KeyPoolOptions): KeyPool {
  const pools = new Map<string, ProviderPool>();

  function get(provider: string): ProviderPool {
    const known = pools.get(provider);
    if (known !== undefined) return known;
    const pool = createProviderPool(provider, options);
    pools.set(provider, pool);
    return pool;
  }

  return {
    acquire: (provider, asked) => get(provider).acquire(asked),
    succeed: (picked, requestId) => get(picked.provider).succeed(picked, requestId),
    fail: (picked, failure, requestId) => get(picked.provider).fail(picked, failure, requestId),
    findRetryAt: (provider) => get(provider).findRetryAt(),
    release: (picked) => {
      get(picked.provider).release(picked);
    },
    invalidate: () => {
      for (const pool of pools.values()) pool.invalidate();
    },
  };
}
