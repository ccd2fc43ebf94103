import { auditEntries } from '@ephemera/db';
import { test } from 'vitest';

import { mintAtOnce } from '../../../test/admission.ts';
import { createTestApi, OPERATOR, START_MS } from '../../../test/fixtures.ts';
import { auditIdFloor } from '../../ids.ts';
import { getOverview } from './get.ts';

const HOUR_MS = 3_600_000;
const UTC = { timeZone: 'UTC' };

test('what a limit refuses is counted by hour and by code, and is no failure', async ({ expect }) => {
  await using api = await createTestApi({ limits: { mintsPerMinute: 2 } });
  expect(await mintAtOnce(api, 32)).toEqual({ ok: 2, rate_limited: 30 });
  const overview = await getOverview(api.as(OPERATOR), UTC);
  expect(overview).toMatchObject({
    mints24h: 2,
    failed24h: 0,
    refused24h: 30,
    isRefusedAtLeast: false,
    recentErrors: [],
    refusals: [{ code: 'rate_limited', count: 30, lastAt: '2026-11-21T12:00:00.000Z' }],
  });
  expect(overview.hours.at(-1)).toMatchObject({ issued: 2, failed: 0, refused: 30 });
});

test('where not every refusal was written down, their number is the least there can be', async ({
  expect,
}) => {
  await using api = await createTestApi({ limits: { mintsPerMinute: 1 } });
  await mintAtOnce(api, 90);
  expect(await getOverview(api.as(OPERATOR), UTC)).toMatchObject({ refused24h: 61, isRefusedAtLeast: true });
});

function entry(minutesAgo: number, code: string, action = 'token.mint'): typeof auditEntries.$inferInsert {
  const atMs = START_MS - minutesAgo * 60_000;
  return {
    id: `${auditIdFloor(atMs).slice(0, -6)}${String(minutesAgo).padStart(6, '0')}`,
    at: new Date(atMs),
    actorKind: 'user',
    actorId: 'user-ada',
    action,
    result: 'denied',
    requestId: 'req_1',
    details: { code },
    hash: String(minutesAgo),
  };
}

test('only refusals of the last 24 hours count, each in its hour', async ({ expect }) => {
  await using api = await createTestApi();
  await api.database.orm
    .insert(auditEntries)
    .values([
      entry(24 * 60 + 1, 'rate_limited'),
      entry(22 * 60, 'budget_exceeded'),
      entry(90, 'rate_limited'),
      entry(80, 'budget_exceeded'),
      entry(70, 'forbidden', 'budget.set'),
    ]);
  const { hours, refused24h, refusals } = await getOverview(api.as(OPERATOR), UTC);
  expect(refused24h).toBe(3);
  expect(hours.filter(({ refused }) => refused > 0)).toMatchObject([
    { start: '2026-11-20T14:00:00.000Z', refused: 1 },
    { start: '2026-11-21T10:00:00.000Z', refused: 2 },
  ]);
  expect(refusals).toEqual([
    { code: 'budget_exceeded', count: 2, lastAt: '2026-11-21T10:40:00.000Z' },
    { code: 'rate_limited', count: 1, lastAt: '2026-11-21T10:30:00.000Z' },
  ]);
});

test('a long audit is counted over its index alone, and hardly any entry is read', async ({ expect }) => {
  await using api = await createTestApi();
  await api.database.write({
    sql: `with recursive n(i) as (select 0 union all select i + 1 from n where i < 99999)
      insert into audit_entries (id, at, actor_kind, action, result, request_id, details, hash)
      select ?1 || printf('%018d', i), ?2, 'user', 'token.mint', 'denied', 'r', '{"code":"rate_limited"}', 'h' from n`,
    args: [auditIdFloor(START_MS - HOUR_MS).slice(0, 12), START_MS - HOUR_MS],
  });
  const plans: string[] = [];
  const database = {
    ...api.database,
    read: async (sql: string, args: readonly (string | number | null)[] = []) => {
      const plan = await api.database.read(`explain query plan ${sql}`, args);
      if (sql.includes('audit_entries')) plans.push(...plan.map(({ detail }) => String(detail)));
      return await api.database.read(sql, args);
    },
  };
  const overview = await getOverview({ ...api.as(OPERATOR), database }, UTC);
  expect(overview).toMatchObject({ refused24h: 20_000, isRefusedAtLeast: true });
  expect(plans.filter((plan) => plan.includes('audit_entries'))).not.toEqual([]);
  expect([...new Set(plans.filter((plan) => plan.includes('audit_entries')))].toSorted()).toEqual([
    'SEARCH audit_entries USING COVERING INDEX audit_entries_action (action=? AND rowid>? AND rowid<?)',
    'SEARCH audit_entries USING COVERING INDEX audit_entries_id_unique (id>?)',
    'SEARCH audit_entries USING INDEX audit_entries_action (action=? AND rowid>?)',
  ]);
});
