import type { ProviderKey } from './provider-key.ts';
import type { Clock } from './runtime.ts';

/** Spreads this process's calls over the keys of a list, away from those that have just failed here. */
export type KeySpread = {
  /** The best key whose id is not excluded, counted as picked; null when all are excluded. */
  pick: (keys: readonly ProviderKey[], exclude: ReadonlySet<string>) => ProviderKey | null;
  /** Marks a call as running until the result is called. */
  start: (keyId: string) => () => void;
  /** Keeps the key out for `ms`, as long as there is another one. */
  avoid: (keyId: string, ms: number) => void;
};

export function createKeySpread(clock: Clock): KeySpread {
  const running = new Map<string, number>();
  const avoidUntilMs = new Map<string, number>();
  /** By list, so that a key that is new in the next list is not picked until it has caught up. */
  const picksByList = new WeakMap<readonly ProviderKey[], Map<string, number>>();

  const change = (keyId: string, by: number): void => {
    const count = (running.get(keyId) ?? 0) + by;
    if (count > 0) running.set(keyId, count);
    else running.delete(keyId);
  };

  /** Compared from the first to the last; the server's order decides what is left. */
  const rank = (key: ProviderKey, picks: ReadonlyMap<string, number>): readonly number[] => {
    const avoidedMs = Math.max(0, (avoidUntilMs.get(key.id) ?? 0) - clock.now());
    if (avoidedMs === 0) avoidUntilMs.delete(key.id);
    return [avoidedMs, running.get(key.id) ?? 0, picks.get(key.id) ?? 0];
  };

  return {
    pick(keys, exclude) {
      const picks = picksByList.get(keys) ?? new Map<string, number>();
      picksByList.set(keys, picks);
      const ranked = keys
        .filter(({ id }) => !exclude.has(id))
        .map((key) => ({ key, rank: rank(key, picks) }))
        .toSorted((a, b) => compareRanks(a.rank, b.rank));
      const best = ranked[0]?.key ?? null;
      if (best !== null) picks.set(best.id, (picks.get(best.id) ?? 0) + 1);
      return best;
    },
    start(keyId) {
      change(keyId, 1);
      return () => {
        change(keyId, -1);
      };
    },
    avoid(keyId, ms) {
      avoidUntilMs.set(keyId, Math.max(avoidUntilMs.get(keyId) ?? 0, clock.now() + ms));
    },
  };
}

function compareRanks(a: readonly number[], b: readonly number[]): number {
  const index = a.findIndex((value, at) => value !== b[at]);
  return index === -1 ? 0 : (a[index] ?? 0) - (b[index] ?? 0);
}
