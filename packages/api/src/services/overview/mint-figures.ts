import type { SqlRow } from '@ephemera/db';

import type { ServiceContext } from '../../context.ts';
import { sessionIdFloor } from '../../ids.ts';
import { takeBreath } from '../usage/take-breath.ts';

export type MintHour = { start: string; issued: number; failed: number };
export type MintTimes = { p50: number | null; p95: number | null };
export type RecentError = { code: string; count: number; lastAt: string };

const HOUR_MS = 3_600_000;
const HOURS = 24;
/** Counted at once; more than this in an hour is told as this many. */
const HOURS_A_READ = 4;
const MAX_COUNTED = 20_000;
/** Mint times and errors are those of the newest so many. */
const SAMPLE = 500;

const HOURS_SQL = `select json_extract(value, '$.start') as start,
    (select count(*) from (select 1 from sessions
      where id >= json_extract(value, '$.from') and id < json_extract(value, '$.to') limit ${MAX_COUNTED})) as sessions,
    (select count(*) from (select 1 from sessions where state = 'failed' and state <> 'issued'
      and id >= json_extract(value, '$.from') and id < json_extract(value, '$.to') limit ${MAX_COUNTED})) as failed
  from json_each(?1) order by key`;

function toMintHour(row: SqlRow): MintHour {
  const failed = Number(row['failed']);
  return {
    start: new Date(Number(row['start'])).toISOString(),
    issued: Math.max(0, Number(row['sessions']) - failed),
    failed,
  };
}

/** The last 24 hours, the running one included, the oldest first. */
export async function countMints(ctx: ServiceContext): Promise<MintHour[]> {
  const nowMs = ctx.clock.now();
  const firstMs = nowMs - (nowMs % HOUR_MS) - (HOURS - 1) * HOUR_MS;
  const slots = Array.from({ length: HOURS }, (_, index) => {
    const start = firstMs + index * HOUR_MS;
    return { start, from: sessionIdFloor(start), to: sessionIdFloor(start + HOUR_MS) };
  });
  const hours: MintHour[] = [];
  for (let index = 0; index < HOURS; index += HOURS_A_READ) {
    const part = JSON.stringify(slots.slice(index, index + HOURS_A_READ));
    hours.push(...(await ctx.database.read(HOURS_SQL, [part])).map(toMintHour));
    await takeBreath();
  }
  return hours;
}

function percentile(sorted: readonly number[], share: number): number | null {
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? null;
}

/** Of the newest mints of the last day that came to an answer. */
export async function sampleMintTimes(ctx: ServiceContext): Promise<MintTimes> {
  const rows = await ctx.database.read(
    `select mint_ms, state from sessions where id >= ?1 order by id desc limit ${SAMPLE}`,
    [sessionIdFloor(ctx.clock.now() - HOURS * HOUR_MS)],
  );
  const times = rows
    .flatMap(({ mint_ms: ms, state }) => (typeof ms === 'number' && state !== 'failed' ? [ms] : []))
    .toSorted((a, b) => a - b);
  return { p50: percentile(times, 0.5), p95: percentile(times, 0.95) };
}

/** What went wrong in the last day, the most frequent first. */
export async function listRecentErrors(ctx: ServiceContext): Promise<RecentError[]> {
  const rows = await ctx.database.read(
    `select reason, issued_at from sessions where state = 'failed' and state <> 'issued' and id >= ?1
      order by id desc limit ${SAMPLE}`,
    [sessionIdFloor(ctx.clock.now() - HOURS * HOUR_MS)],
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
