import type { SessionSummary } from './session-types.ts';

type Row = Pick<SessionSummary, 'id' | 'state'>;

/** What runs first, then the page; what stands in both is shown once, as the page has it. */
export function pinLive<T extends Row>(live: readonly T[], page: readonly T[]): readonly T[] {
  const known = new Map(page.map((row) => [row.id, row]));
  const top = live.map((row) => known.get(row.id) ?? row).filter(({ state }) => state === 'connected');
  const pinned = new Set(top.map(({ id }) => id));
  return [...top, ...page.filter(({ id }) => !pinned.has(id))];
}
