import type { Statement } from '@ephemera/db';

import type { KeyTester } from '../providers/key-tester.ts';
import type { ProviderKey } from '../providers/provider-keys.ts';
import type { FailureClass } from './failure-class.ts';

/** A key for one try. Whoever has it owes the pool one `succeed`, `fail` or `release`. */
export type Picked = {
  kind: 'picked';
  provider: string;
  key: ProviderKey;
  /** End of the lease, where this is the one request that a half-open key is allowed; else null. */
  probeUntilMs: number | null;
  /** How many further keys could be picked just now, without those that the caller has excluded. */
  alternatives: number;
};

export type NothingToPick = {
  kind: 'none';
  /** Whether there is any key of the provider at all. */
  isEmpty: boolean;
  /** When the first one comes back by itself; null where an operator must act. */
  soonestRetryAtMs: number | null;
};

export type PickResult = Picked | NothingToPick;

export type AcquireOptions = {
  /** Ids of keys that the caller has tried already. */
  exclude: readonly string[];
  /** On Workers: keeps a refresh alive after the request. */
  waitUntil?: ((work: Promise<unknown>) => void) | undefined;
  /** Looks at a key whose breaker is half open, while another one serves. Without it the caller's own request does. */
  keyTester?: KeyTester | undefined;
};

export type Failure = { failure: FailureClass; code: string | null; retryAfterMs: number | null };

/** What has to be committed before the caller answers. Memory is ahead of the rows until `finish`, which always comes. */
export type Settlement = { statements: readonly Statement[]; finish: () => void };

/** The providers' keys: picks a healthy one, and learns from what becomes of it. */
export interface KeyPool {
  /** At once where the pool is warm: no database, no network. */
  acquire: (provider: string, options: AcquireOptions) => PickResult | Promise<PickResult>;
  /** Null where there is nothing to write: the session's row is the record of the use. */
  succeed: (picked: Picked, requestId: string) => Settlement | null;
  fail: (picked: Picked, failure: Failure, requestId: string) => Settlement | null;
  /** When a key is usable again; null where one is now, or where an operator must act. From memory. */
  findRetryAt: (provider: string) => number | null;
  /** For a try that never took place. */
  release: (picked: Picked) => void;
  /** The rows have changed: the next caller reads them first. */
  invalidate: () => void;
}
