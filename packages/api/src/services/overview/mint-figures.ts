import type { ServiceContext } from '../../context.ts';
import { sessionIdFloor } from '../../ids.ts';

export type MintTimes = { p50: number | null; p95: number | null };
export type RecentError = { code: string; count: number; lastAt: string };

const DAY_MS = 86_400_000;
/** Mint times and errors are those of the newest so many. */
const SAMPLE = 500;

function percentile(sorted: readonly number[], share: number): number | null {
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? null;
}

/** Of the newest mints of the last day that came to an answer. */
export async function sampleMintTimes(ctx: ServiceContext): Promise<MintTimes> {
  const rows = await ctx.database.read(
    `select mint_ms, state from sessions where id >= ?1 order by id desc limit ${SAMPLE}`,
    [sessionIdFloor(ctx.clock.now() - DAY_MS)],
  );
  const times = rows
    .flatMap(({ mint_ms: ms, state }) => (typeof ms === 'number' && state !== 'failed' ? [ms] : []))
    .toSorted((a, b) => a - b);
  return { p50: percentile(times, 0.5), p95: percentile(times, 0.95) };
}

/** What went wrong in the last day, the most frequent first. */
export async function listRecentErrors(ctx: ServiceContext): Promise<RecentError[]> {
  const rows = await ctx.database.read(
    `select reason, issued_at from sessions where state = 'failed' and state not in ('admitted', 'issued') and id >= ?1
      order by id desc limit ${SAMPLE}`,
    [sessionIdFloor(ctx.clock.now() - DAY_MS)],
  );
  const errors = new Map<string, RecentError>();
  for (const { reason, issued_at: at } of rows) {
    const code = typeof reason === 'string' ? reason : 'unknown';
    // The newest comes first.
    const known = errors.get(code) ?? { code, count: 0, lastAt: new Date(Number(at)).toISOString() };
    errors.set(code, { ...known, count: known.count + 1 });
  }
  return [...errors.values()]
    .toSorted((a, b) => b.count - a.count || (a.code < b.code ? -1 : 1))
    .slice(0, 10);
}
