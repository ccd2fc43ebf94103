import type { SqlRow, SqlValue } from '@ephemera/db';

import type { ServiceContext } from '../../context.ts';
import { AppError } from '../../errors.ts';
import { addSums, NO_SUMS } from './sums.ts';
import type { UsageSums } from './sums.ts';
import { takeBreath } from './take-breath.ts';

export type UsageGroup = 'none' | 'model' | 'user' | 'access_key' | 'provider_key';

export type HourSums = { hourStartMs: number; group: string; sums: UsageSums };

type Range = { fromMs: number; toMs: number; groupBy: UsageGroup };

/** Read at once, so that the whole process waits for a few milliseconds: the driver of a file is synchronous. */
const PAGE_ROWS = 2_000;
/** Of users there may be as many as rows, and each is handed over by itself. */
const PAGE_ROWS_OF_USERS = 500;
const MAX_ROWS = 400_000;

const KEY = 'hour_start, model, user_id, access_key_id, provider_key_id';
const AFTER = `(${KEY}) > (?1, ?2, ?3, ?4, ?5)`;
const GROUP_COLUMN: Readonly<Record<UsageGroup, string>> = {
  none: "''",
  model: 'model',
  user: 'user_id',
  access_key: 'access_key_id',
  provider_key: 'provider_key_id',
};

function findEndSql(pageRows: number): string {
  return `select ${KEY} from usage_hours where ${AFTER} and hour_start < ?6
    order by ${KEY} limit 1 offset ${pageRows - 1}`;
}

function sumSql(groupBy: UsageGroup, end: string): string {
  return `select hour_start, ${GROUP_COLUMN[groupBy]} as grouped, sum(sessions) as sessions, sum(failed) as failed,
    sum(duration_seconds) as seconds, sum(text_input + audio_input + image_input) as input,
    sum(text_cached_input + audio_cached_input + image_cached_input) as cached,
    sum(text_output + audio_output) as output, sum(known_micro_usd) as known,
    sum(estimated_micro_usd) as estimated, sum(unknown_costs) as unknown
    from usage_hours where ${AFTER} and ${end} group by hour_start, grouped`;
}

const UP_TO_KEY = `(${KEY}) <= (?6, ?7, ?8, ?9, ?10)`;
const UP_TO_HOUR = 'hour_start < ?6';

function toHourSums(row: SqlRow): HourSums {
  const count = (name: string): number => Number(row[name]);
  return {
    hourStartMs: count('hour_start'),
    group: String(row['grouped']),
    sums: {
      sessions: count('sessions'),
      failed: count('failed'),
      seconds: count('seconds'),
      inputTokens: count('input'),
      cachedTokens: count('cached'),
      outputTokens: count('output'),
      knownMicroUsd: count('known'),
      estimatedMicroUsd: count('estimated'),
      unknownCosts: count('unknown'),
    },
  };
}

function toKey(row: SqlRow): SqlValue[] {
  return [
    Number(row['hour_start']),
    String(row['model']),
    String(row['user_id']),
    String(row['access_key_id']),
    String(row['provider_key_id']),
  ];
}

/**
 * The hours from `fromMs` until before `toMs`, by group, page by page along the primary key, so that however many rows
 * there are, nobody waits for long. What is too much is refused.
 */
export async function* readHours(
  ctx: Pick<ServiceContext, 'database'>,
  { fromMs, toMs, groupBy }: Range,
): AsyncGenerator<HourSums> {
  let after: SqlValue[] = [fromMs - 1, '', '', '', ''];
  const pageRows = groupBy === 'user' ? PAGE_ROWS_OF_USERS : PAGE_ROWS;
  for (let rows = 0; rows < MAX_ROWS; rows += pageRows) {
    const [end] = await ctx.database.read(findEndSql(pageRows), [...after, toMs]);
    const upTo = end === undefined ? [toMs] : toKey(end);
    const sql = sumSql(groupBy, end === undefined ? UP_TO_HOUR : UP_TO_KEY);
    for (const row of await ctx.database.read(sql, [...after, ...upTo])) yield toHourSums(row);
    if (end === undefined) return;
    after = upTo;
    await takeBreath();
  }
  throw new AppError(
    'invalid_request',
    'That is more than can be summed up at once. Ask for a shorter time.',
  );
}

/** The same without groups, as one. */
export async function sumHours(
  ctx: Pick<ServiceContext, 'database'>,
  range: { fromMs: number; toMs: number },
): Promise<UsageSums> {
  let total: UsageSums = NO_SUMS;
  for await (const { sums } of readHours(ctx, { ...range, groupBy: 'none' })) total = addSums(total, sums);
  return total;
}
