import { countSessionUses, isOpenSession } from '@ephemera/db';
import type { ProviderKeyRow } from '@ephemera/db';

import type { ServiceContext } from '../../context.ts';
import { getProviderKeyRow } from './find.ts';
import type { HourRow, ProviderKeySummary } from './summary.ts';
import { firstHourOfDay, toProviderKeySummary } from './summary.ts';

const HOURS_SQL = `select key_id, hour_start, uses, errors from provider_key_hours
  where key_id in (select value from json_each(?1)) and hour_start >= ?2`;
const OPEN_SQL = `select provider_key_id as key_id, count(*) as n from sessions
  where provider_key_id in (select value from json_each(?1)) and ${isOpenSession('?2')} group by provider_key_id`;
const REPLACED_SQL = `select replaces as key_id, id from provider_keys
  where replaces in (select value from json_each(?1)) order by id`;

type Extras = {
  hours: Map<string, HourRow[]>;
  openSessions: Map<string, number>;
  replacedBy: Map<string, string>;
};

async function loadExtras(ctx: ServiceContext, ids: readonly string[], nowMs: number): Promise<Extras> {
  const list = JSON.stringify(ids);
  const [hourRows, openRows, replacedRows] = await Promise.all([
    ctx.database.read(HOURS_SQL, [list, firstHourOfDay(nowMs)]),
    ctx.database.read(OPEN_SQL, [list, nowMs]),
    ctx.database.read(REPLACED_SQL, [list]),
  ]);
  const hours = new Map<string, HourRow[]>();
  for (const row of hourRows) {
    const id = String(row['key_id']);
    const hour = {
      hourStartMs: Number(row['hour_start']),
      uses: Number(row['uses']),
      errors: Number(row['errors']),
    };
    hours.set(id, [...(hours.get(id) ?? []), hour]);
  }
  return {
    hours,
    openSessions: new Map(openRows.map((row) => [String(row['key_id']), Number(row['n'])])),
    replacedBy: new Map(replacedRows.map((row) => [String(row['key_id']), String(row['id'])])),
  };
}

/** A row that does not open is configured all the same; only a key of the environment can be gone. */
async function isConfigured(ctx: ServiceContext, row: ProviderKeyRow): Promise<boolean> {
  return row.source === 'stored' || (await ctx.keySecrets.open(row)).kind === 'open';
}

/** Rows as operators see them, each with its last day and its open sessions. */
export async function summarizeProviderKeys(
  ctx: ServiceContext,
  rows: readonly ProviderKeyRow[],
): Promise<ProviderKeySummary[]> {
  const nowMs = ctx.clock.now();
  const extras = await loadExtras(
    ctx,
    rows.map(({ id }) => id),
    nowMs,
  );
  return await Promise.all(
    rows.map(async (row) =>
      toProviderKeySummary(row, {
        nowMs,
        hours: extras.hours.get(row.id) ?? [],
        openSessions: extras.openSessions.get(row.id) ?? 0,
        replacedBy: extras.replacedBy.get(row.id) ?? null,
        newestKekVersion: ctx.vault?.newestVersion ?? null,
        isConfigured: await isConfigured(ctx, row),
      }),
    ),
  );
}

/** One key as it stands now. Throws `not_found`. */
export async function summarizeProviderKey(ctx: ServiceContext, id: string): Promise<ProviderKeySummary> {
  await countSessionUses(ctx.database);
  const row = await getProviderKeyRow(ctx, id);
  const [summary] = await summarizeProviderKeys(ctx, [row]);
  if (summary === undefined) throw new TypeError('A row without a summary.');
  return summary;
}
