import { usageHours } from '@ephemera/db';
import { test } from 'vitest';

import { ADA, createTestApi, OPERATOR } from '../../../test/fixtures.ts';
import type { TestApi } from '../../../test/fixtures.ts';
import { readHours } from './read-hours.ts';
import { getUsageSeries } from './series.ts';
import type { UsageSeriesInput } from './series.ts';

type Hour = Partial<typeof usageHours.$inferInsert> & { at: string };

async function addHours(api: TestApi, hours: readonly Hour[]): Promise<void> {
  await api.database.orm.insert(usageHours).values(
    hours.map(({ at, ...row }) => ({
      hourStart: new Date(at),
      model: 'gpt-realtime-2.1',
      userId: 'user-ada',
      accessKeyId: '',
      providerKeyId: 'pkey_1',
      sessions: 1,
      knownMicroUsd: 10,
      ...row,
    })),
  );
}

const DAYS: UsageSeriesInput = {
  from: '2026-10-24T10:00:00Z',
  to: '2026-10-26T10:00:00Z',
  interval: 'day',
  timeZone: 'Europe/Berlin',
  groupBy: 'none',
};

test('days are those of the zone, also the one of 25 hours', async ({ expect }) => {
  await using api = await createTestApi();
  await addHours(api, [
    { at: '2026-10-23T21:00:00Z', sessions: 100 },
    { at: '2026-10-23T22:00:00Z', sessions: 1 },
    { at: '2026-10-24T21:00:00Z', sessions: 2 },
    { at: '2026-10-24T22:00:00Z', sessions: 4 },
    { at: '2026-10-25T22:00:00Z', sessions: 8 },
    { at: '2026-10-25T23:00:00Z', sessions: 16 },
    { at: '2026-10-26T22:00:00Z', sessions: 32 },
    { at: '2026-10-26T23:00:00Z', sessions: 64 },
  ]);
  const series = await getUsageSeries(api.as(OPERATOR), DAYS);
  expect(series.buckets).toEqual([
    '2026-10-23T22:00:00.000Z',
    '2026-10-24T22:00:00.000Z',
    '2026-10-25T23:00:00.000Z',
  ]);
  expect(series.groups.map(({ id }) => id)).toEqual(['all']);
  expect(series.groups[0]?.rows.map(({ sessions }) => sessions)).toEqual([3, 12, 48]);
  expect(series.totals).toMatchObject({ sessions: 63, knownMicroUsd: 60 });
  // As long as the three days, which are 73 hours.
  expect(series.previous).toMatchObject({ sessions: 100, knownMicroUsd: 10 });
});

test('months and hours', async ({ expect }) => {
  await using api = await createTestApi();
  await addHours(api, [
    { at: '2026-01-31T23:00:00Z', sessions: 1 },
    { at: '2026-02-28T22:00:00Z', sessions: 2 },
    { at: '2026-02-28T23:00:00Z', sessions: 4 },
  ]);
  const months = await getUsageSeries(api.as(OPERATOR), {
    ...DAYS,
    from: '2026-01-15T00:00:00Z',
    to: '2026-03-02T00:00:00Z',
    interval: 'month',
  });
  expect(months.buckets).toEqual([
    '2025-12-31T23:00:00.000Z',
    '2026-01-31T23:00:00.000Z',
    '2026-02-28T23:00:00.000Z',
  ]);
  expect(months.groups[0]?.rows.map(({ sessions }) => sessions)).toEqual([0, 3, 4]);
  const hours = await getUsageSeries(api.as(OPERATOR), {
    ...DAYS,
    from: '2026-02-28T22:30:00Z',
    to: '2026-03-01T00:00:00Z',
    interval: 'hour',
  });
  expect(hours.groups[0]?.rows.map(({ sessions }) => sessions)).toEqual([2, 4]);
});

test('the twelve dearest groups by name, the rest together', async ({ expect }) => {
  await using api = await createTestApi();
  await addHours(
    api,
    Array.from({ length: 15 }, (_, index) => ({
      at: '2026-10-25T12:00:00Z',
      userId: `user-${String(index).padStart(2, '0')}`,
      knownMicroUsd: index * 10,
      estimatedMicroUsd: index === 0 ? 1_000 : 0,
    })),
  );
  await api.database.write({
    sql: `insert into allowances (kind, subject, name, window_start, window_count, period_start, first_seen_at, last_seen_at)
      values ('user', 'user-14', 'Ada', 0, 0, 0, 0, 0)`,
    args: [],
  });
  const { groups, totals } = await getUsageSeries(api.as(OPERATOR), { ...DAYS, groupBy: 'user' });
  expect(groups.map(({ label }) => label)).toEqual([
    'user-00',
    'Ada',
    ...Array.from({ length: 10 }, (_, index) => `user-${String(13 - index).padStart(2, '0')}`),
    'other',
  ]);
  expect(groups.at(-1)?.rows[1]).toMatchObject({ sessions: 3, knownMicroUsd: 10 + 20 + 30 });
  expect(totals).toMatchObject({ sessions: 15, knownMicroUsd: 1_050, estimatedMicroUsd: 1_000 });
});

test('what has no key or no model is called none', async ({ expect }) => {
  await using api = await createTestApi();
  await addHours(api, [{ at: '2026-10-25T12:00:00Z', model: '', failed: 1 }]);
  for (const groupBy of ['model', 'access_key'] as const) {
    const { groups } = await getUsageSeries(api.as(OPERATOR), { ...DAYS, groupBy });
    expect(groups.map(({ id, label }) => ({ id, label }))).toEqual([{ id: 'none', label: 'none' }]);
  }
});

test('many rows are read in pages, each row once, by the index alone', async ({ expect }) => {
  await using api = await createTestApi();
  await api.database.write({
    sql: `with recursive n(i) as (select 0 union all select i + 1 from n where i < 9999)
      insert into usage_hours (hour_start, model, user_id, access_key_id, provider_key_id, sessions)
      select ?1 + (i % 7) * 3600000, 'm' || (i % 3), 'u' || i, '', '', 1 from n`,
    args: [Date.parse('2026-10-25T00:00:00Z')],
  });
  const { totals } = await getUsageSeries(api.as(OPERATOR), DAYS);
  expect(totals.sessions).toBe(10_000);

  const plans: string[] = [];
  const database = {
    ...api.database,
    read: async (sql: string, args: readonly (string | number | null)[] = []) => {
      const plan = await api.database.read(`explain query plan ${sql}`, args);
      plans.push(...plan.map(({ detail }) => String(detail)));
      return await api.database.read(sql, args);
    },
  };
  const range = { fromMs: Date.parse(DAYS.from), toMs: Date.parse(DAYS.to), groupBy: 'model' } as const;
  for await (const _ of readHours({ database }, range)) continue;
  expect(plans.filter((plan) => plan.startsWith('SCAN'))).toEqual([]);
  expect(plans.some((plan) => plan.includes('SEARCH usage_hours USING'))).toBe(true);
});

test('only who may see the usage of all', async ({ expect }) => {
  await using api = await createTestApi();
  await expect(getUsageSeries(api.as(ADA), DAYS)).rejects.toMatchObject({ code: 'forbidden' });
});

for (const [param, input] of [
  ['timeZone', { timeZone: 'Mars/Olympus_Mons' }],
  ['to', { to: DAYS.from }],
  ['interval', { from: '2020-01-01T00:00:00Z' }],
] as const) {
  test(`a wrong ${param} is named`, async ({ expect }) => {
    await using api = await createTestApi();
    await expect(getUsageSeries(api.as(OPERATOR), { ...DAYS, ...input })).rejects.toMatchObject({
      code: 'invalid_request',
      details: { param },
    });
  });
}
