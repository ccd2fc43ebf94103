import { accessKeys, budgets, sessions, usageHours } from '@ephemera/db';
import { test } from 'vitest';

import { ADA, createTestApi, OPERATOR, START_MS } from '../../../test/fixtures.ts';
import type { TestApi } from '../../../test/fixtures.ts';
import { createIdSource } from '../../ids.ts';
import { getOverview } from './get.ts';

const HOUR_MS = 3_600_000;
const ZONE = { timeZone: 'Europe/Berlin' };

type Sketch = Partial<typeof sessions.$inferInsert> & { minutesAgo: number };

async function addSessions(api: TestApi, sketches: readonly Sketch[]): Promise<void> {
  await api.database.orm.insert(sessions).values(
    sketches.map(({ minutesAgo, ...row }) => {
      const atMs = START_MS - minutesAgo * 60_000;
      return {
        id: createIdSource(() => atMs).sessionId(),
        userId: 'user-ada',
        state: 'issued' as const,
        kind: 'realtime' as const,
        requestId: 'req_1',
        issuedAt: new Date(atMs),
        ...row,
      };
    }),
  );
}

test('a new deployment: everything is zero or null, and the steps are still to be taken', async ({
  expect,
}) => {
  await using api = await createTestApi({ environmentKeys: [] });
  const overview = await getOverview(api.as(OPERATOR), ZONE);
  expect(overview).toMatchObject({
    openSessions: 0,
    mints24h: 0,
    failed24h: 0,
    mintP50Ms: null,
    mintP95Ms: null,
    spentTodayMicroUsd: 0,
    unknownCosts24h: 0,
    budget: null,
    keysHealthy: 0,
    keysTotal: 0,
    refused24h: 0,
    isRefusedAtLeast: false,
    refusals: [],
    attention: [],
    recentErrors: [],
    steps: { hasKey: false, hasMint: false, hasCall: false },
  });
  expect(overview.hours).toHaveLength(24);
  expect(overview.hours.at(-1)).toEqual({
    start: '2026-11-21T12:00:00.000Z',
    issued: 0,
    failed: 0,
    refused: 0,
  });
});

test('mints by hour, how long they took, what failed and what is open', async ({ expect }) => {
  await using api = await createTestApi();
  const open = { state: 'connected', connectedAt: new Date(START_MS), mintMs: 40 } as const;
  await addSessions(api, [
    { minutesAgo: 0, mintMs: 10 },
    { minutesAgo: 0, ...open, deadlineAt: new Date(START_MS + 60_000) },
    { minutesAgo: 0, ...open, deadlineAt: new Date(START_MS - 1) },
    { minutesAgo: 61, state: 'failed', reason: 'upstream_timeout', mintMs: 10_000 },
    { minutesAgo: 90, state: 'failed', reason: 'upstream_timeout' },
    { minutesAgo: 95, state: 'failed', reason: 'no_healthy_provider_key' },
    { minutesAgo: 23 * 60, mintMs: 30 },
    { minutesAgo: 24 * 60 + 1, state: 'failed', reason: 'upstream_rejected', mintMs: 1 },
  ]);
  const overview = await getOverview(api.as(OPERATOR), ZONE);
  expect(overview).toMatchObject({
    openSessions: 1,
    mints24h: 4,
    failed24h: 3,
    mintP50Ms: 30,
    mintP95Ms: 40,
    keysHealthy: 1,
    keysTotal: 1,
    recentErrors: [
      { code: 'upstream_timeout', count: 2, lastAt: '2026-11-21T10:59:00.000Z' },
      { code: 'no_healthy_provider_key', count: 1 },
    ],
    steps: { hasKey: true, hasMint: true, hasCall: true },
  });
  expect(overview.hours.filter(({ issued, failed }) => issued + failed > 0)).toEqual([
    { start: '2026-11-20T13:00:00.000Z', issued: 1, failed: 0, refused: 0 },
    { start: '2026-11-21T10:00:00.000Z', issued: 0, failed: 3, refused: 0 },
    { start: '2026-11-21T12:00:00.000Z', issued: 3, failed: 0, refused: 0 },
  ]);
});

function hour(iso: string, known: number, estimated = 0): typeof usageHours.$inferInsert {
  return {
    hourStart: new Date(iso),
    model: 'm',
    userId: 'u',
    accessKeyId: '',
    providerKeyId: '',
    knownMicroUsd: known,
    estimatedMicroUsd: estimated,
    unknownCosts: 1,
  };
}

function inDays(days: number): Date {
  return new Date(START_MS + days * 24 * HOUR_MS);
}

test('money of today is that of the zone’s day', async ({ expect }) => {
  await using api = await createTestApi();
  await api.database.orm
    .insert(usageHours)
    .values([
      hour('2026-11-20T11:00:00Z', 1_000),
      hour('2026-11-20T22:00:00Z', 100),
      hour('2026-11-20T23:00:00Z', 10),
      hour('2026-11-21T12:00:00Z', 1, 5),
    ]);
  const overview = await getOverview(api.as(OPERATOR), ZONE);
  expect(overview).toMatchObject({ spentTodayMicroUsd: 16, unknownCosts24h: 3 });
  expect(overview.attention).toEqual([
    { kind: 'unknown_costs', target: null, name: null, detail: '3', budget: null },
  ]);
});

test('what needs attention is named', async ({ expect }) => {
  await using api = await createTestApi();
  const key = {
    environment: 'live' as const,
    lastFour: 'abcd',
    scopes: [],
    createdAt: new Date(START_MS),
    createdBy: OPERATOR.id,
  };
  await api.database.orm.insert(accessKeys).values([
    { ...key, id: 'key_soon', name: 'Soon', hash: '1', expiresAt: inDays(3) },
    { ...key, id: 'key_later', name: 'Later', hash: '2', expiresAt: inDays(30) },
    { ...key, id: 'key_gone', name: 'Gone', hash: '3', expiresAt: inDays(3), revokedAt: inDays(0) },
  ]);
  await api.database.orm.insert(budgets).values({
    scope: 'project',
    subject: '',
    limitMicroUsd: 100,
    period: 'daily',
    timeZone: 'UTC',
    updatedAt: new Date(START_MS),
    updatedBy: OPERATOR.id,
  });
  await getOverview(api.as(OPERATOR), ZONE);
  const spend = async (spent: number) => {
    await api.database.write({
      sql: `insert into allowances (kind, subject, window_start, window_count, period_start, spent_micro_usd, first_seen_at, last_seen_at)
        values ('project', '', 0, 0, ?1, ?2, 0, 0) on conflict do update set spent_micro_usd = excluded.spent_micro_usd`,
      args: [Date.parse('2026-11-21T00:00:00Z'), spent],
    });
    const { attention, budget } = await getOverview(api.as(OPERATOR), ZONE);
    return { kinds: attention.map(({ kind }) => kind), left: budget?.leftMicroUsd };
  };
  expect(await spend(79)).toEqual({ kinds: ['access_key_expires'], left: 21 });
  expect(await spend(80)).toEqual({ kinds: ['budget_low', 'access_key_expires'], left: 20 });
  expect(await spend(100)).toEqual({ kinds: ['budget_used_up', 'access_key_expires'], left: 0 });

  await api.database.write({
    sql: `update provider_keys set state = 'quarantined', state_reason = 'invalid_api_key'`,
    args: [],
  });
  await api.database.write({
    sql: `insert into alerts (id, kind, target, severity, message, at)
      select 'alr_1', 'provider_key_quarantined', id, 'critical', 'It was refused.', 0 from provider_keys`,
    args: [],
  });
  const { attention, keysHealthy } = await getOverview(api.as(OPERATOR), ZONE);
  expect(keysHealthy).toBe(0);
  expect(attention.slice(0, 2)).toMatchObject([
    { kind: 'no_healthy_key', detail: '1' },
    { kind: 'provider_key_quarantined', name: 'OPENAI_API_KEY', detail: 'It was refused.' },
  ]);
  expect(attention.at(-1)).toEqual({
    kind: 'access_key_expires',
    target: 'key_soon',
    name: 'Soon',
    detail: '2026-11-24T12:00:00.000Z',
    budget: null,
  });
});

test('only who may see the usage of all, in a zone that exists', async ({ expect }) => {
  await using api = await createTestApi();
  await expect(getOverview(api.as(ADA), ZONE)).rejects.toMatchObject({ code: 'forbidden' });
  await expect(getOverview(api.as(OPERATOR), { timeZone: 'Nowhere' })).rejects.toMatchObject({
    code: 'invalid_request',
  });
});

test('a busy hour is counted to its end, and no session is looked at that an index does not lead to', async ({
  expect,
}) => {
  await using api = await createTestApi();
  const prefix = createIdSource(() => START_MS)
    .sessionId()
    .slice(0, 12);
  await api.database.write({
    sql: `with recursive n(i) as (select 0 union all select i + 1 from n where i < 24999)
      insert into sessions (id, user_id, state, kind, request_id, issued_at)
      select ?1 || printf('%018d', i), 'u', iif(i % 2 = 0, 'failed', 'issued'), 'realtime', 'r', ?2 from n`,
    args: [prefix, START_MS],
  });
  const plans: string[] = [];
  const database = {
    ...api.database,
    read: async (sql: string, args: readonly (string | number | null)[] = []) => {
      const plan = await api.database.read(`explain query plan ${sql}`, args);
      plans.push(...plan.map(({ detail }) => String(detail)));
      return await api.database.read(sql, args);
    },
  };
  const overview = await getOverview({ ...api.as(OPERATOR), database }, ZONE);
  expect(overview).toMatchObject({ mints24h: 12_500, failed24h: 12_500 });
  // What is left are the first row that is not the demo's, and the partial index of what is connected.
  expect([...new Set(plans.filter((plan) => plan.startsWith('SCAN sessions')))]).toEqual([
    'SCAN sessions',
    'SCAN sessions USING INDEX sessions_open_provider_key',
  ]);
});
