import type { OpenedRow } from '../providers/key-secrets.ts';
import type { StoredKey } from './load-keys.ts';
import type { PoolEntry } from './pool-entry.ts';
import { createEntry } from './pool-entry.ts';
import { isUsable, loadOf } from './select-key.ts';

function updateEntry(entry: PoolEntry, { row, opened }: OpenedRow<StoredKey>): void {
  const { id, source } = row;
  entry.name = row.name;
  entry.limitDomain = row.limitDomain;
  entry.weight = row.weight;
  entry.drainAtMs = row.drainAtMs;
  entry.openSessions = row.openSessions;
  if (opened.kind !== 'open') entry.key = null;
  else if (entry.key?.secret !== opened.secret) entry.key = { id, secret: opened.secret, source };
}

function adoptState(entry: PoolEntry, row: StoredKey): void {
  // Somebody brought it back: what it did before that is forgiven.
  if (entry.health.state !== 'active' && row.health.state === 'active') {
    entry.failuresInRow = 0;
    entry.errors = 0;
  }
  entry.health = row.health;
  entry.probeUntilMs = row.probeUntilMs;
}

/**
 * A key that is new or comes back is lent the uses of the least loaded one: else it got every request until it had
 * caught up, and ran into its limit again.
 */
function lendUses(entries: readonly PoolEntry[], nowMs: number): void {
  const usable = entries.filter((entry) => isUsable(entry, nowMs));
  const veterans = usable.filter((entry) => entry.wasUsable);
  const floor = veterans.length === 0 ? 0 : Math.min(...veterans.map(loadOf));
  for (const entry of entries) {
    const isBack = !entry.wasUsable && usable.includes(entry);
    if (isBack) entry.lentUses = Math.max(0, (floor - loadOf(entry)) * entry.weight);
    entry.wasUsable = usable.includes(entry);
  }
}

/** The keys of one provider in memory. Rows come and go; what memory alone knows of a key outlives a look at them. */
export type KeyEntries = {
  list: () => readonly PoolEntry[];
  find: (id: string) => PoolEntry | undefined;
  /** To be taken before the rows are read. */
  mark: () => number;
  /** Notes that memory is ahead of the row; undone by the function it returns, once the row has caught up. */
  touch: (entry: PoolEntry, nowMs: number) => () => void;
  /** What changed in memory after `mark`, or is not committed, keeps its state: the rows are older. */
  apply: (loaded: readonly OpenedRow<StoredKey>[], mark: number, nowMs: number) => void;
};

const HOUR_MS = 3_600_000;
/** Longer than any mint. On Workers a request may end before it has committed what it owed. */
const MAX_PENDING_MS = 30_000;

export function createKeyEntries(): KeyEntries {
  let byId = new Map<string, PoolEntry>();
  let list: PoolEntry[] = [];
  let changes = 0;
  let hour = 0;

  function touch(entry: PoolEntry, nowMs: number): () => void {
    entry.pendingWrites += 1;
    entry.pendingUntilMs = nowMs + MAX_PENDING_MS;
    entry.changedAt = changes += 1;
    return () => {
      entry.pendingWrites = Math.max(0, entry.pendingWrites - 1);
      entry.changedAt = changes += 1;
    };
  }

  return {
    list: () => list,
    find: (id) => byId.get(id),
    mark: () => changes,
    touch,
    apply: (loaded, mark, nowMs) => {
      const next = new Map<string, PoolEntry>();
      const isNewHour = Math.floor(nowMs / HOUR_MS) !== hour;
      hour = Math.floor(nowMs / HOUR_MS);
      for (const it of loaded) {
        const { row } = it;
        const entry = byId.get(row.id) ?? createEntry(row);
        updateEntry(entry, it);
        if (isNewHour) Object.assign(entry, { uses: 0, lentUses: 0 });
        entry.uses = Math.max(entry.uses, row.uses);
        if (entry.pendingUntilMs <= nowMs) entry.pendingWrites = 0;
        if (entry.pendingWrites === 0 && entry.changedAt <= mark) adoptState(entry, row);
        next.set(row.id, entry);
      }
      byId = next;
      list = [...next.values()];
      lendUses(list, nowMs);
    },
  };
}
