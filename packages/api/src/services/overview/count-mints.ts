import * as z from 'zod';

import type { ServiceContext } from '../../context.ts';
import { sessionIdFloor } from '../../ids.ts';
import { takeBreath } from '../usage/take-breath.ts';

export type MintHour = { start: string; issued: number; failed: number };

type Kind = 'all' | 'failed';
type Range = { from: string; to: string };

const HOUR_MS = 3_600_000;
const HOURS = 24;
const HOURS_A_READ = 3;
/** Counted at once of an hour; the rest of a busy one is counted after a breath. */
const PAGE = 10_000;

const FILTER: Readonly<Record<Kind, string>> = {
  all: 'true',
  // SQLite uses the partial index only when its own condition is in the query, word by word.
  failed: "state = 'failed' and state not in ('admitted', 'issued')",
};

/** How many there are on the first page, and where it ends. Only ids are read, so an index is all that is touched. */
function pageSql(kind: Kind, { from, to }: Range): string {
  return `select json_array(count(*), max(id)) from (select id from sessions
    where ${FILTER[kind]} and id > ${from} and id < ${to} order by id limit ${PAGE})`;
}

/** `from` and `to` of one slot after the other are the arguments. */
function slotsSql(slots: number): string {
  const columns = Array.from({ length: slots }, (_, index) => {
    const range = { from: `?${2 * index + 1}`, to: `?${2 * index + 2}` };
    return `(${pageSql('all', range)}) as all_${index}, (${pageSql('failed', range)}) as failed_${index}`;
  });
  return `select ${columns.join(', ')}`;
}

const pageSchema = z.tuple([z.number(), z.string().nullable()]);

function readPage(page: unknown): [found: number, last: string | null] {
  return pageSchema.parse(JSON.parse(z.string().parse(page)));
}

/** Goes on where the first page was full. */
async function countAll(
  ctx: ServiceContext,
  firstPage: unknown,
  { kind, range }: { kind: Kind; range: Range },
): Promise<number> {
  let [found, last] = readPage(firstPage);
  let total = found;
  while (found === PAGE && last !== null) {
    await takeBreath();
    const sql = `select (${pageSql(kind, { from: '?1', to: '?2' })}) as page`;
    const [row] = await ctx.database.read(sql, [last, range.to]);
    [found, last] = readPage(row?.['page']);
    total += found;
  }
  return total;
}

/** The last 24 hours, the running one included, the oldest first. */
export async function countMints(ctx: ServiceContext): Promise<MintHour[]> {
  const nowMs = ctx.clock.now();
  const firstMs = nowMs - (nowMs % HOUR_MS) - (HOURS - 1) * HOUR_MS;
  const slots = Array.from({ length: HOURS }, (_, index) => {
    const startMs = firstMs + index * HOUR_MS;
    return { startMs, from: sessionIdFloor(startMs), to: sessionIdFloor(startMs + HOUR_MS) };
  });
  const hours: MintHour[] = [];
  for (let first = 0; first < HOURS; first += HOURS_A_READ) {
    const part = slots.slice(first, first + HOURS_A_READ);
    const bounds = part.flatMap(({ from, to }) => [from, to]);
    const [row] = await ctx.database.read(slotsSql(part.length), bounds);
    for (const [index, range] of part.entries()) {
      const all = await countAll(ctx, row?.[`all_${index}`], { kind: 'all', range });
      const failed = await countAll(ctx, row?.[`failed_${index}`], { kind: 'failed', range });
      hours.push({ start: new Date(range.startMs).toISOString(), issued: Math.max(0, all - failed), failed });
    }
    await takeBreath();
  }
  return hours;
}
