import { test } from 'vitest';

import { budgetKey, parseOwnScope, selectOwnBudgets } from './budget-filter.ts';
import { findBudgetProblem, listZones, parseBudgetScope, toBudgetInput, toForm } from './budget-form.ts';
import type { BudgetForm } from './budget-form.ts';
import { findChanges, findLimitProblem, toForm as toLimitForm } from './limit-form.ts';
import { DEPLOYMENT_LIMITS, USER_LIMITS } from './limit-types.ts';
import type { BudgetEntry } from './limit-types.ts';
import { formatInZone } from './zoned-time.ts';

const project: BudgetEntry = {
  scope: 'project',
  subject: '',
  name: null,
  limitMicroUsd: 10_000_000,
  spentMicroUsd: 1_000_000,
  reservedMicroUsd: 0,
  leftMicroUsd: 9_000_000,
  period: 'monthly',
  timeZone: 'UTC',
  action: 'block',
  periodStart: '2026-11-01T00:00:00.000Z',
  resetsAt: '2026-12-01T00:00:00.000Z',
  updatedAt: '2026-11-20T00:00:00.000Z',
  updatedBy: 'Otto',
};
const ada: BudgetEntry = { ...project, scope: 'user', subject: 'usr_ada', name: 'Ada' };
const bob: BudgetEntry = { ...project, scope: 'user', subject: 'app:bob', reservedMicroUsd: 5_000_000 };
const key: BudgetEntry = { ...project, scope: 'access_key', subject: 'key_1', name: 'Checkout' };

const form: BudgetForm = {
  scope: 'user',
  subject: ' usr_ada ',
  amount: '2,50',
  period: 'daily',
  zone: 'Europe/Paris',
  action: 'warn',
};

test('own budgets are those of one user or key, the fullest first', ({ expect }) => {
  const all = [project, ada, bob, key];
  expect(selectOwnBudgets(all, null).map(({ subject }) => subject)).toEqual(['app:bob', 'usr_ada', 'key_1']);
  expect(selectOwnBudgets(all, 'access_key')).toEqual([key]);
  expect(new Set(all.map(budgetKey)).size).toBe(4);
  expect([parseOwnScope('user'), parseOwnScope('project'), parseBudgetScope('project')]).toEqual([
    'user',
    null,
    'project',
  ]);
});

test('a budget is sent in micro-dollars, and only with the subject that it has', ({ expect }) => {
  expect(toBudgetInput(form)).toEqual({
    scope: 'user',
    subject: 'usr_ada',
    limitMicroUsd: 2_500_000,
    period: 'daily',
    timeZone: 'Europe/Paris',
    action: 'warn',
  });
  expect(toBudgetInput({ ...form, scope: 'project' }).subject).toBe('');
});

test('an edited budget starts from what holds', ({ expect }) => {
  const target = { scope: 'user' as const, subject: 'usr_ada', name: 'Ada', current: ada };
  expect(toForm(target)).toEqual({
    scope: 'user',
    subject: 'usr_ada',
    amount: '10',
    period: 'monthly',
    zone: 'UTC',
    action: 'block',
  });
});

test.for([
  [{}, null],
  [{ subject: '  ' }, 'subject'],
  [{ scope: 'access_key', subject: '' }, 'subject'],
  [{ scope: 'default_user', subject: '' }, null],
  [{ amount: '' }, 'amount'],
  [{ amount: 'ten' }, 'amount'],
  [{ amount: '0' }, null],
  [{ zone: 'Mars/Olympus' }, 'zone'],
  [{ zone: '' }, 'zone'],
] as const)('%o is wrong at %s', ([change, field], { expect }) => {
  expect(findBudgetProblem({ ...form, ...change })?.field ?? null).toBe(field);
});

test('UTC and the reader’s own zone are offered first', ({ expect }) => {
  const zones = listZones();
  expect(zones[0]).toBe('UTC');
  expect(zones.length).toBe(new Set(zones).size);
  expect(zones).toContain('Asia/Seoul');
});

test('a reset is told on the clocks of the budget’s zone', ({ expect }) => {
  const paris = formatInZone('2026-11-30T23:00:00.000Z', 'Europe/Paris', 'en');
  expect(paris).toContain('Dec 1, 2026');
  expect(paris).toContain('12:00');
  expect(formatInZone('2026-11-30T23:00:00.000Z', 'UTC', 'en')).toContain('Nov 30, 2026');
});

const values = {
  mintsPerMinute: { value: 60, isOwn: false },
  maxOpenSessions: { value: 3, isOwn: true },
  maxTtlSeconds: { value: 600, isOwn: false },
  maxSessionSeconds: { value: 900, isOwn: true },
};

test('an inherited limit is an empty field, an own one its number', ({ expect }) => {
  expect(toLimitForm(USER_LIMITS, values)).toEqual({
    mintsPerMinute: '',
    maxOpenSessions: '3',
    maxTtlSeconds: '',
    maxSessionSeconds: '900',
  });
});

test('only what was changed is sent; an emptied field gives the limit back', ({ expect }) => {
  const before = toLimitForm(USER_LIMITS, values);
  expect(findChanges(USER_LIMITS, before, before)).toEqual({});
  expect(
    findChanges(USER_LIMITS, before, { ...before, mintsPerMinute: ' 30 ', maxOpenSessions: '' }),
  ).toEqual({
    mintsPerMinute: 30,
    maxOpenSessions: null,
  });
});

test.for([
  ['maxTtlSeconds', '9', true],
  ['maxTtlSeconds', '10', false],
  ['maxSessionSeconds', '3601', true],
  ['mintsPerMinute', '1.5', true],
  ['mintsPerMinutePerAddress', 'many', true],
  ['maxOpenSessions', '', false],
] as const)('%s of “%s” is out of its range: %s', ([name, text, isWrong], { expect }) => {
  expect(findLimitProblem(DEPLOYMENT_LIMITS, { [name]: text })).toBe(isWrong ? name : null);
});
