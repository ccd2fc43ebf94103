import { KeyClientError } from './errors.ts';
import { type FailureVerdict, judgeReturned, judgeThrown } from './key-failure.ts';
import type { ProviderKey } from './provider-key.ts';
import type { Clock } from './runtime.ts';

/** What a run of `withApiKey` is given beside the key. */
export type TryInfo = {
  /** 1 for the first key, then 2, … */
  attempt: number;
};

export type KeyedRun<T> = (key: ProviderKey, info: TryInfo) => T | Promise<T>;

export type WithApiKeyOptions = {
  /** How many different keys are tried at most; 3 by default. */
  maxTries?: number;
};

/** What a run needs of the client it runs in. */
export type KeyedRunParts = {
  /** Another key than those, or null when there is none left. */
  pick: (exclude: ReadonlySet<string>) => Promise<ProviderKey | null>;
  start: (keyId: string) => () => void;
  clock: Clock;
  settle: (key: ProviderKey, verdict: FailureVerdict | null) => void;
};

type Outcome<T> =
  | { kind: 'returned'; value: T; verdict: FailureVerdict | null }
  | { kind: 'threw'; error: unknown; verdict: FailureVerdict };

/** @throws KeyClientError `invalid_options` */
export function readMaxTries({ maxTries = 3 }: WithApiKeyOptions): number {
  if (Number.isInteger(maxTries) && maxTries >= 1) return maxTries;
  throw new KeyClientError('invalid_options', 'maxTries must be a whole number from 1.');
}

/** Runs over different keys until one is not to blame; then its outcome is the caller's, good or bad. */
export async function runWithKeys<T>(parts: KeyedRunParts, run: KeyedRun<T>, maxTries: number): Promise<T> {
  const tried = new Set<string>();
  let last: Outcome<T> | null = null;
  while (tried.size < maxTries) {
    const key = await parts.pick(tried);
    if (key === null) break;
    tried.add(key.id);
    last = await runOnce(parts, key, () => run(key, { attempt: tried.size }));
    if (last.verdict?.kind !== 'key') break;
  }
  if (last === null) throw new KeyClientError('no_key', 'The pool has no healthy key of this provider now.');
  if (last.kind === 'threw') throw last.error;
  return last.value;
}

async function runOnce<T>(
  parts: KeyedRunParts,
  key: ProviderKey,
  run: () => T | Promise<T>,
): Promise<Outcome<T>> {
  const finish = parts.start(key.id);
  const outcome = await observe(run, parts.clock).finally(finish);
  parts.settle(key, outcome.verdict);
  return outcome;
}

async function observe<T>(run: () => T | Promise<T>, clock: Clock): Promise<Outcome<T>> {
  let value: T;
  try {
    value = await run();
  } catch (error) {
    return { kind: 'threw', error, verdict: await judgeThrown(error, clock) };
  }
  return { kind: 'returned', value, verdict: await judgeReturned(value, clock) };
}
