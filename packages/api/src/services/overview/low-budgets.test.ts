import { accessKeys, allowances, budgets } from '@ephemera/db';
import { test } from 'vitest';

import type { TestApi } from '../../../test/fixtures.ts';
import { createTestApi, OPERATOR, START_MS } from '../../../test/fixtures.ts';
import { getOverview } from './get.ts';

const TODAY = new Date('2026-11-21T00:00:00Z');
const YESTERDAY = new Date('2026-11-20T00:00:00Z');

type Scope = (typeof budgets.$inferInsert)['scope'];

async function addBudget(api: TestApi, scope: Scope, subject: string): Promise<void> {
  await api.database.orm.insert(budgets).values({
    scope,
    subject,
    limitMicroUsd: 100,
    period: 'daily',
    timeZone: 'UTC',
    updatedAt: new Date(START_MS),
    updatedBy: OPERATOR.id,
  });
}

type Use = { kind: 'user' | 'access_key'; subject: string; spent: number; reserved?: number; since?: Date };

async function addUse(api: TestApi, { kind, subject, spent, reserved = 0, since = TODAY }: Use) {
  await api.database.orm.insert(allowances).values({
    kind,
    subject,
    windowStart: new Date(0),
    windowCount: 0,
    periodStart: since,
    spentMicroUsd: spent,
    reservedMicroUsd: reserved,
    firstSeenAt: TODAY,
    lastSeenAt: TODAY,
  });
}

async function listKinds(api: TestApi) {
  const { attention } = await getOverview(api.as(OPERATOR), { timeZone: 'UTC' });
  return attention.map(({ kind, target, name, budget }) => [kind, target, name, budget?.leftMicroUsd]);
}

test('budgets of users and access keys from 80 % on, the worst first', async ({ expect }) => {
  await using api = await createTestApi();
  const key = {
    environment: 'live' as const,
    lastFour: 'abcd',
    scopes: [],
    createdAt: TODAY,
    createdBy: OPERATOR.id,
  };
  await api.database.orm.insert(accessKeys).values([
    { ...key, id: 'key_a', name: 'App', hash: '1' },
    { ...key, id: 'key_gone', name: 'Gone', hash: '2', revokedAt: TODAY },
  ]);
  for (const subject of ['key_a', 'key_gone']) await addBudget(api, 'access_key', subject);
  for (const subject of ['ada', 'bob', 'eve']) await addBudget(api, 'user', subject);
  await addUse(api, { kind: 'access_key', subject: 'key_a', spent: 90, reserved: 3 });
  await addUse(api, { kind: 'access_key', subject: 'key_gone', spent: 100 });
  await addUse(api, { kind: 'user', subject: 'ada', spent: 104 });
  await addUse(api, { kind: 'user', subject: 'bob', spent: 79 });
  await addUse(api, { kind: 'user', subject: 'eve', spent: 100, since: YESTERDAY });
  expect(await listKinds(api)).toEqual([
    ['user_budget_used_up', 'ada', null, 0],
    ['access_key_budget_low', 'key_a', 'App', 7],
  ]);
});

test('the budget of all users holds for those without one of their own', async ({ expect }) => {
  await using api = await createTestApi();
  await addBudget(api, 'default_user', '');
  await addBudget(api, 'user', 'own');
  await api.database.write({
    sql: `update budgets set limit_micro_usd = 1000 where subject = 'own'`,
    args: [],
  });
  for (const subject of ['own', 'zoe']) await addUse(api, { kind: 'user', subject, spent: 85 });
  await addUse(api, { kind: 'user', subject: 'eve', spent: 100, since: YESTERDAY });
  expect(await listKinds(api)).toEqual([['user_budget_low', 'zoe', null, 15]]);
});

test('of many users only the ten worst are named, wherever they stand in the table', async ({ expect }) => {
  await using api = await createTestApi();
  await addBudget(api, 'default_user', '');
  await api.database.write({
    sql: `with recursive n(i) as (select 0 union all select i + 1 from n where i < 24999)
      insert into allowances (kind, subject, window_start, window_count, period_start, spent_micro_usd, first_seen_at,
        last_seen_at) select 'user', printf('u%05d', i), 0, 0, ?1, iif(i % 1000 = 999, 80 + i / 1000, 0), 0, 0 from n`,
    args: [TODAY.getTime()],
  });
  const kinds = await listKinds(api);
  expect(kinds).toHaveLength(10);
  expect(kinds[0]).toEqual(['user_budget_used_up', 'u24999', null, 0]);
  expect(kinds.at(-1)?.[1]).toBe('u15999');
});
