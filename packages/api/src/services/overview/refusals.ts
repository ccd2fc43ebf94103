import type { ServiceContext } from '../../context.ts';
import { auditIdFloor } from '../../ids.ts';
import { takeBreath } from '../usage/take-breath.ts';

export type Refusal = { code: string; count: number; lastAt: string };

export type Refusals = {
  /** One number for each hour that was asked for, in their order. */
  byHour: number[];
  /** Of the newest ones, the most frequent first. */
  byCode: Refusal[];
  /** There were more: a caller that is refused again and again is written down so often a minute only. */
  isAtLeast: boolean;
};

/** The newest so many are told apart by code. */
const SAMPLE = 2_000;
const MAX_AN_HOUR = 20_000;
const HOURS_A_READ = 6;
const MAX_CODES = 10;

const FIRST_SINCE = 'select seq from audit_entries where id >= ? order by id limit 1';
const BEYOND_ALL = String(Number.MAX_SAFE_INTEGER);
/** Of this action nothing but refusals is written down, so that the index on the action is all that is counted. */
const COUNT_SQL = `(select count(*) from (select 1 from audit_entries
  where action = 'token.mint' and seq >= ? and seq < ? limit ${MAX_AN_HOUR}))`;
const CODES_SQL = `select coalesce(details ->> 'code', 'unknown') as code, count(*) as refused, max(at) as last_at,
    max(coalesce(details ->> 'andMore', 0)) as and_more
  from (select at, details from audit_entries where action = 'token.mint' and result <> 'ok' and seq >= ?1
    order by seq desc limit ${SAMPLE})
  group by 1 order by 2 desc, 1`;

/** Where each hour begins in the audit: its entries stand in the order of their time. */
async function findStarts(ctx: ServiceContext, hours: readonly number[]): Promise<number[]> {
  const columns = hours.map((_, index) => `coalesce((${FIRST_SINCE}), ${BEYOND_ALL}) as at_${index}`);
  const [row] = await ctx.database.read(
    `select ${columns.join(', ')}`,
    hours.map((startMs) => auditIdFloor(startMs)),
  );
  return hours.map((_, index) => Number(row?.[`at_${index}`]));
}

async function countByHour(ctx: ServiceContext, starts: readonly number[]): Promise<number[]> {
  const counts: number[] = [];
  for (let first = 0; first < starts.length; first += HOURS_A_READ) {
    const part = starts.slice(first, first + HOURS_A_READ);
    const bounds = part.flatMap((start, index) => [
      start,
      starts[first + index + 1] ?? Number.MAX_SAFE_INTEGER,
    ]);
    const columns = part.map((_, index) => `${COUNT_SQL} as count_${index}`);
    const [row] = await ctx.database.read(`select ${columns.join(', ')}`, bounds);
    counts.push(...part.map((_, index) => Number(row?.[`count_${index}`])));
    await takeBreath();
  }
  return counts;
}

/** Mints that a limit, a budget or a right refused, since the first of these hours. Each begins where the one before ends. */
export async function countRefusals(ctx: ServiceContext, hours: readonly number[]): Promise<Refusals> {
  const starts = await findStarts(ctx, hours);
  const byHour = await countByHour(ctx, starts);
  const codes = await ctx.database.read(CODES_SQL, [starts[0] ?? Number.MAX_SAFE_INTEGER]);
  return {
    byHour,
    byCode: codes.slice(0, MAX_CODES).map((row) => ({
      code: String(row['code']),
      count: Number(row['refused']),
      lastAt: new Date(Number(row['last_at'])).toISOString(),
    })),
    isAtLeast: codes.some((row) => Number(row['and_more']) === 1) || byHour.includes(MAX_AN_HOUR),
  };
}
